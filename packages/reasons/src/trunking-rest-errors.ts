import { restErrorTable } from "./rest-error.ts";

/** Errors about trunks and what belongs to them. */
export const trunkingRestErrors = restErrorTable({
  tooManySipDomains: {
    code: 21230,
    httpStatus: 400,
    text: "The account has as many SIP domains as it may have (100).",
  },
  duplicateAccessControlEntry: {
    code: 21235,
    httpStatus: 400,
    text: "The account has an access control list of that name already, or the list has that address.",
  },
  accessControlListInUse: {
    code: 21236,
    httpStatus: 400,
    text: "The access control list is still attached to a trunk.",
  },
  tooManyIpAddresses: {
    code: 21237,
    httpStatus: 400,
    text: "The access control list has as many addresses as it may have.",
  },
  tooManyCredentialLists: {
    code: 21239,
    httpStatus: 400,
    text: "The account has as many credential lists as it may have (100).",
  },
  duplicateCredential: {
    code: 21240,
    httpStatus: 400,
    text: "The account has a credential list of that name already, or the list has that user name.",
  },
  credentialListInUse: {
    code: 21241,
    httpStatus: 400,
    text: "The credential list is still attached to a trunk.",
  },
  tooManyCredentials: {
    code: 21242,
    httpStatus: 400,
    text: "The credential list has as many credentials as it may have (1000).",
  },
  tooManyTrunks: {
    code: 21244,
    httpStatus: 400,
    text: "The account has as many trunks as it may have (100).",
  },
  alreadyAttached: {
    code: 21245,
    httpStatus: 400,
    text: "The list is attached to the trunk already, or the parent of the domain name belongs to another account.",
  },
  domainHasSubdomains: {
    code: 21247,
    httpStatus: 400,
    text: "Other trunks' domain names are sub-domains of this one, so it can be neither renamed nor deleted.",
  },
  domainNameTaken: { code: 21248, httpStatus: 400, text: "The domain name belongs to another trunk." },
  tooManyOriginationUrls: {
    code: 21249,
    httpStatus: 400,
    text: "The trunk has as many origination URLs as it may have (10).",
  },
  invalidRegion: { code: 21252, httpStatus: 400, text: "There is no such region." },
  tooManyAccessControlLists: {
    code: 21255,
    httpStatus: 400,
    text: "The account has as many access control lists as it may have (1000).",
  },
  invalidHeaderPolicyRules: {
    code: 21256,
    httpStatus: 400,
    text: "The rules of the header policy can not be read.",
  },
  headerPolicyNotFound: { code: 21257, httpStatus: 400, text: "There is no header policy with this SID." },
  invalidHeaderPolicy: { code: 21258, httpStatus: 400, text: "The header policy is not valid." },
  tooManyHeaderPolicies: {
    code: 21259,
    httpStatus: 400,
    text: "The account has as many header policies as it may have (1000).",
  },
  tooManyHeaderPolicyActions: { code: 21260, httpStatus: 400, text: "The rule has more than 20 actions." },
  tooManyHeaderPolicyConditions: {
    code: 21261,
    httpStatus: 400,
    text: "The rule has more than 20 conditions.",
  },
  callerIdTaken: {
    code: 21450,
    httpStatus: 400,
    text: "The phone number is a verified caller ID of the account already.",
  },
  emergencyNumberInUse: {
    code: 21634,
    httpStatus: 400,
    text: "The number is registered for emergency calls and can not be changed.",
  },
  invalidDomainName: {
    code: 91101,
    httpStatus: 400,
    text: "DomainName must be letters, digits, hyphens and dots before .pstn.{base domain}.",
  },
  parentDomainMissing: {
    code: 91102,
    httpStatus: 400,
    text: "A sub-domain needs a trunk with the parent domain name in the same account.",
  },
  invalidSipUrl: {
    code: 91103,
    httpStatus: 400,
    text: "SipUrl must be sip:host[:port] with the parameters transport, edge and tnx and X- headers only.",
  },
  invalidIpAddress: { code: 91104, httpStatus: 400, text: "IpAddress is not an IP address." },
  invalidCidrPrefixLength: {
    code: 91105,
    httpStatus: 400,
    text: "CidrPrefixLength does not fit the address family.",
  },
  invalidUsername: {
    code: 91106,
    httpStatus: 400,
    text: "Username must have 1 to 32 characters and neither colons nor quotes nor control characters.",
  },
  weakPassword: {
    code: 91107,
    httpStatus: 400,
    text: "Password must have at least 12 characters with a digit, a small and a capital letter.",
  },
  invalidPhoneNumber: { code: 91108, httpStatus: 400, text: "PhoneNumber must be E.164 with a leading +." },
  phoneNumberTaken: { code: 91109, httpStatus: 400, text: "The phone number belongs to an account already." },
  numberOnOtherTrunk: { code: 91110, httpStatus: 400, text: "The number is attached to a trunk already." },
  carrierInUse: {
    code: 91111,
    httpStatus: 400,
    text: "The carrier still has gateways or routes that are used.",
  },
  invalidCarrierPrefix: { code: 91112, httpStatus: 400, text: "A route prefix is + and up to 15 digits." },
  invalidNetwork: { code: 91113, httpStatus: 400, text: "The value is not a network in CIDR form." },
  realmFixed: { code: 91114, httpStatus: 400, text: "The realm can not be changed while credentials exist." },
  unknownEdge: { code: 91115, httpStatus: 400, text: "There is no edge of this name." },
  invalidNumberPrefix: {
    code: 91116,
    httpStatus: 400,
    text: "Prefix must be + and 1 to 15 digits of which the first is not 0.",
  },
  tooManyNumberPrefixes: {
    code: 91117,
    httpStatus: 400,
    text: "The list has as many prefixes as it may have.",
  },
  permissionsInherited: {
    code: 91118,
    httpStatus: 409,
    text: "The account inherits the dialing permissions of its parent. End that first: DialingPermissionsInheritance=false.",
  },
  tooManyCallerIds: {
    code: 91119,
    httpStatus: 400,
    text: "The account has as many verified caller IDs as it may have (1000).",
  },
});
