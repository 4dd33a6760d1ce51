/** RFC 3261 §19: SIP and SIPS URIs, and tags. */
import type { CoverageRow } from "../coverage-row.ts";

const validateRequest = "packages/sip/src/message/validate-request.ts";
const validateRequestTest = "packages/sip/src/message/validate-request.test.ts";
const transportChoice = "packages/sip/src/locate/transport-choice.ts";
const transportChoiceTest = "packages/sip/src/locate/transport-choice.test.ts";
const plan = "packages/sip/src/locate/plan.ts";
const locatorTest = "packages/sip/src/locate/locator.test.ts";
const sipUri = "packages/sip/src/uri/sip-uri.ts";
const sipUriTest = "packages/sip/src/uri/sip-uri.test.ts";
const hostPort = "packages/sip/src/uri/host-port.ts";
const escape = "packages/sip/src/uri/escape.ts";
const escapeTest = "packages/sip/src/uri/escape.test.ts";
const characterClass = "packages/sip/src/uri/character-class.ts";
const uriEquality = "packages/sip/src/uri/uri-equality.ts";
const uriEqualityTest = "packages/sip/src/uri/uri-equality.test.ts";
const uriHeaders = "packages/sip/src/uri/uri-headers.ts";
const uriHeadersTest = "packages/sip/src/uri/uri-headers.test.ts";
const redirectPolicy = "apps/gateway/src/egress/redirect-policy.ts";
const redirectPolicyTest = "apps/gateway/src/egress/redirect-policy.test.ts";
const sipUriText = "apps/gateway/src/egress/sip-uri-text.ts";
const sipUriTextTest = "apps/gateway/src/egress/sip-uri-text.test.ts";
const identifiers = "packages/sip/src/user-agent/identifiers.ts";
const identifiersTest = "packages/sip/src/user-agent/identifiers.test.ts";

export const rows: readonly CoverageRow[] = [
  {
    section: "19.1.1",
    level: "rule",
    sentence: "A Request-URI has no headers component (table 1).",
    code: validateRequest,
    line: 'uri.value.headers === "" ? undefined :',
    breaks: 'uri.value.headers !== "nothing" ? undefined :',
    test: validateRequestTest,
    name: "validating a request: Request-URI with headers",
  },
  {
    section: "19.1.1",
    level: "MUST",
    sentence: "For a SIPS URI the transport parameter MUST indicate a reliable transport.",
    code: transportChoice,
    line: 'parameter === "udp" && !isSecure',
    breaks: 'parameter === "udp"',
    test: transportChoiceTest,
    name: "sips:a.test;transport=udp among UDP,TCP,TLS is unsupported-transport",
  },
  {
    section: "19.1.1",
    level: "rule",
    sentence:
      "The maddr parameter indicates the server address to be contacted, overriding any address derived from the host field.",
    code: plan,
    line: 'uri.parameters.get("maddr") ?? uri.host',
    breaks: "uri.host",
    test: locatorTest,
    name: "sip:a.test;maddr=192.0.2.9 needs no DNS: UDP 192.0.2.9 5060",
  },
  {
    section: "19.1.1",
    level: "rule",
    sentence: 'The headers of a URI are hname = hvalue pairs joined by "&", and no hname is empty.',
    code: sipUri,
    line: "if (nameEnd === at || headers",
    breaks: "if (headers",
    test: sipUriTest,
    name: 'no SIP URI: "sip:h?=b" (uri-malformed-headers)',
  },
  {
    section: "19.1.1",
    level: "MUST NOT",
    sentence: "If the @ sign is present in a SIP or SIPS URI, the user field MUST NOT be empty.",
    code: sipUri,
    line: "if (userEnd === start || !hasWholeEscapes",
    breaks: "if (!hasWholeEscapes",
    test: sipUriTest,
    name: 'no SIP URI: "sip:@h" (uri-malformed-user)',
  },
  {
    section: "19.1.1",
    level: "rule",
    sentence:
      "The host part is either a fully-qualified domain name or a numeric IPv4 or IPv6 address: an IPv6 address stands in brackets.",
    code: hostPort,
    line: "if (code !== 0x2e && !isHexDigit(code)) return -1;",
    breaks: "",
    test: sipUriTest,
    name: 'no SIP URI: "sip:[2001:db8::g]" (uri-malformed-host)',
  },
  {
    section: "19.1.1",
    level: "rule",
    sentence: "The port number where the request is to be sent is 1 to 65535.",
    code: hostPort,
    line: "return port === 0 ? -1 : port;",
    breaks: "return port;",
    test: sipUriTest,
    name: 'no SIP URI: "sip:h:0" (uri-malformed-port)',
  },
  {
    section: "19.1.2",
    level: "MUST",
    sentence: "Excluded characters, the blank among them, MUST be escaped in the user part.",
    code: escape,
    line: "if (code < 128 && plain[code] === 1)",
    breaks: "if (code < 128)",
    test: escapeTest,
    name: 'user "a b" is written a%20b',
  },
  {
    section: "19.1.2",
    level: "MUST",
    sentence:
      'The "%" itself, and any character the BNF does not allow in the user component, MUST be escaped.',
    code: escape,
    line: 'plainCharacters("-_.!~*\'()&=+$,;?/")',
    breaks: 'plainCharacters("-_.!~*\'()&=+$,;?/%@")',
    test: escapeTest,
    name: 'user "50%" is written 50%25',
  },
  {
    section: "19.1.2",
    level: "MUST",
    sentence: "Characters that are not allowed in a parameter MUST be escaped there.",
    code: escape,
    line: 'plainCharacters("-_.!~*\'()[]/:&+$")',
    breaks: 'plainCharacters("-_.!~*\'()[]/:&+$=;")',
    test: escapeTest,
    name: "URI parameters have their own plain characters",
  },
  {
    section: "19.1.2",
    level: "rule",
    sentence: 'An escape is "%" and two hexadecimal digits.',
    code: sipUri,
    line: "|| !hasWholeEscapes(text, start, end)) return -1;",
    breaks: ") return -1;",
    test: sipUriTest,
    name: 'no SIP URI: "sip:a%4@h" (uri-malformed-user)',
  },
  {
    section: "19.1.2",
    level: "MUST NOT",
    sentence:
      "Escaped characters are not allowed in the host; implementations MUST NOT attempt to treat them as equivalent to the characters they encode.",
    code: characterClass,
    line: "mark(hostCharacter, `${alphanumeric}-._`);",
    breaks: "mark(hostCharacter, `${alphanumeric}-._%`);",
    test: sipUriTest,
    name: 'no SIP URI: "sip:a@h%61" (uri-malformed-host)',
  },
  {
    section: "19.1.2",
    level: "rule",
    sentence: "The default port is 5060 for sip over UDP and TCP.",
    code: plan,
    line: 'protocol === "TLS" ? 5061 : 5060',
    breaks: 'protocol === "TLS" ? 5061 : 5061',
    test: locatorTest,
    name: "sip:192.0.2.1 needs no DNS: UDP 192.0.2.1 5060",
  },
  {
    section: "19.1.2",
    level: "rule",
    sentence: "The default port is 5061 for sip using TLS, and for sips.",
    code: plan,
    line: 'protocol === "TLS" ? 5061 : 5060',
    breaks: 'protocol === "TLS" ? 5060 : 5060',
    test: locatorTest,
    name: "sips:192.0.2.1 needs no DNS: TLS 192.0.2.1 5061",
  },
  {
    section: "19.1.4",
    level: "rule",
    sentence: "A SIP and a SIPS URI are never equivalent.",
    code: uriEquality,
    line: "a.scheme === b.scheme &&",
    breaks: "",
    test: uriEqualityTest,
    name: "sip:a@h differs from sips:a@h",
  },
  {
    section: "19.1.4",
    level: "rule",
    sentence: "Comparison of the userinfo of SIP and SIPS URIs is case-sensitive.",
    code: uriEquality,
    line: "return a === b || withoutNeedlessEscapes(a) === withoutNeedlessEscapes(b);",
    breaks: "return folded(a) === folded(b);",
    test: uriEqualityTest,
    name: "SIP:ALICE@AtLanTa.CoM;Transport=udp differs from sip:alice@AtLanTa.CoM;Transport=UDP",
  },
  {
    section: "19.1.4",
    level: "rule",
    sentence:
      "Comparison of all other components of the URI is case-insensitive unless explicitly defined otherwise.",
    code: uriEquality,
    line: "withoutNeedlessEscapes(value).toLowerCase()",
    breaks: "withoutNeedlessEscapes(value)",
    test: uriEqualityTest,
    name: "sip:h;transport=TCP equals sip:h;transport=tcp",
  },
  {
    section: "19.1.4",
    level: "rule",
    sentence:
      "The ordering of parameters and header fields is not significant in comparing SIP and SIPS URIs.",
    code: uriEquality,
    line: ".toSorted()",
    breaks: "",
    test: uriEqualityTest,
    name: "sip:alice@atlanta.com?subject=project%20x&priority=urgent equals sip:alice@atlanta.com?priority=urgent&subject=project%20x",
  },
  {
    section: "19.1.4",
    level: "rule",
    sentence: "Characters other than those in the reserved set are equivalent to their escaped encoding.",
    code: uriEquality,
    line: "reserved.includes(character) ? text.slice(at, at + 3).toUpperCase() : character",
    breaks: "text.slice(at, at + 3).toUpperCase()",
    test: uriEqualityTest,
    name: "sip:a:%70@h equals sip:a:p@h",
  },
  {
    section: "19.1.4",
    level: "rule",
    sentence: "Characters of the reserved set are not equivalent to their escaped encoding.",
    code: uriEquality,
    line: "reserved.includes(character) ? text.slice(at, at + 3).toUpperCase() : character",
    breaks: "character",
    test: uriEqualityTest,
    name: "sip:a%3Bb@h differs from sip:a;b@h",
  },
  {
    section: "19.1.4",
    level: "MUST",
    sentence:
      "For two URIs to be equal, the user, password, host, and port components must match: a URI omitting the user does not match one that includes it.",
    code: uriEquality,
    line: "if (a === undefined || b === undefined) return a === b;",
    breaks: "if (a === undefined || b === undefined) return true;",
    test: uriEqualityTest,
    name: "sip:a@h differs from sip:h",
  },
  {
    section: "19.1.4",
    level: "rule",
    sentence: "A URI omitting the password component will not match a URI that includes one.",
    code: uriEquality,
    line: "sameText(a.password, b.password) &&",
    breaks: "",
    test: uriEqualityTest,
    name: "sip:a:b@h differs from sip:a@h",
  },
  {
    section: "19.1.4",
    level: "rule",
    sentence:
      "A URI omitting any component with a default value will not match a URI explicitly containing that component with its default value.",
    code: uriEquality,
    line: "a.port === b.port &&",
    breaks: "(a.port ?? 5060) === (b.port ?? 5060) &&",
    test: uriEqualityTest,
    name: "sip:bob@biloxi.com differs from sip:bob@biloxi.com:5060",
  },
  {
    section: "19.1.4",
    level: "rule",
    sentence: "The host components must match.",
    code: uriEquality,
    line: "a.host === b.host &&",
    breaks: "",
    test: uriEqualityTest,
    name: "sip:bob@phone21.boxesbybob.com differs from sip:bob@192.0.2.4",
  },
  {
    section: "19.1.4",
    level: "rule",
    sentence: "Any uri-parameter appearing in both URIs must match.",
    code: uriEquality,
    line: "return covers(a, b) && covers(b, a);",
    breaks: "return true;",
    test: uriEqualityTest,
    name: "sip:carol@chicago.com;security=on differs from sip:carol@chicago.com;security=off",
  },
  {
    section: "19.1.4",
    level: "rule",
    sentence:
      "A user, ttl, or method uri-parameter appearing in only one URI never matches, even if it contains the default value.",
    code: uriEquality,
    line: "if (a.has(name) !== b.has(name)) return false;",
    breaks: "",
    test: uriEqualityTest,
    name: "sip:h;user=phone differs from sip:h",
  },
  {
    section: "19.1.4",
    level: "rule",
    sentence: "A URI that includes a maddr parameter will not match a URI that contains no maddr parameter.",
    code: uriEquality,
    line: '"maddr", "transport"]',
    breaks: '"transport"]',
    test: uriEqualityTest,
    name: "sip:h;maddr=192.0.2.1 differs from sip:h",
  },
  {
    section: "19.1.4",
    level: "rule",
    sentence: "All other uri-parameters appearing in only one URI are ignored when comparing the URIs.",
    code: uriEquality,
    line: "if (others.length > 0 && !others",
    breaks: "if (!others",
    test: uriEqualityTest,
    name: "sip:carol@chicago.com equals sip:carol@chicago.com;newparam=5",
  },
  {
    section: "19.1.4",
    level: "MUST",
    sentence:
      "URI header components are never ignored: any present header component MUST be present in both URIs and match.",
    code: uriEquality,
    line: "headersEqual(a.headers, b.headers)",
    breaks: "true",
    test: uriEqualityTest,
    name: "sip:carol@chicago.com differs from sip:carol@chicago.com?Subject=next%20meeting",
  },
  {
    section: "19.1.5",
    level: "rule",
    sentence:
      "The header components of a URI stand escaped there, and are unescaped to become header fields.",
    code: uriHeaders,
    line: "value: unescapeUser(part.slice(equals + 1))",
    breaks: "value: part.slice(equals + 1)",
    test: uriHeadersTest,
    name: "the headers part is a list of unescaped names and values",
  },
  {
    section: "19.1.5",
    level: "SHOULD NOT",
    sentence:
      "An implementation SHOULD NOT honor obviously dangerous header fields, nor those by which the request would be falsely advertised: header fields of a Contact in a 302 are not honored.",
    code: redirectPolicy,
    line: "headers: from.headers,",
    breaks: "headers: parsed.value.headers,",
    test: redirectPolicyTest,
    name: "the path and the header fields of the attempt stay",
  },
  {
    section: "19.1.5",
    level: "MUST",
    sentence:
      "An implementation MUST include any provided transport parameter in the Request-URI of the formed request.",
    code: sipUriText,
    line: 'const transport = uri.transport === undefined ? "" :',
    breaks: 'const transport = uri.transport !== "TLS" ? "" :',
    test: sipUriTextTest,
    name: "Request-URI of sip:pbx.example;transport=TCP with no user",
  },
  {
    section: "19.3",
    level: "MUST",
    sentence:
      "When a tag is generated by a UA for insertion into a request or response, it MUST be globally unique and cryptographically random with at least 32 bits of randomness.",
    code: identifiers,
    line: "return randomHex(8);",
    breaks: "return randomHex(2);",
    test: identifiersTest,
    name: "a tag is 64 random bits in hex, and no two are alike (RFC 3261 §19.3)",
  },
];
