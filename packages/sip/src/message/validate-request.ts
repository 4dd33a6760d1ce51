import { isOf, uriCharacter } from "../uri/character-class.ts";
import type { SipSyntaxError } from "../uri/parsed.ts";
import { schemeOf } from "../uri/scheme.ts";
import { headerField, nameOfId } from "./header-field-name.ts";
import type { SipRequest } from "./sip-message.ts";

/** Why a request is refused before anybody looks at what it asks for. */
export interface RequestFault {
  readonly statusCode: 400 | 505;
  /** Says what is wrong. */
  readonly reasonPhrase: string;
  /** The request has what a response is made of: a readable topmost Via, From, To, Call-ID and CSeq. */
  readonly mayAnswer: boolean;
}

/** The header fields that a response repeats, RFC 3261 §8.2.6.2. */
const echoed = [
  headerField.via,
  headerField.from,
  headerField.to,
  headerField.callId,
  headerField.cseq,
] as const;

const echoedMask = maskOf(echoed);

/** Header fields that may occur once. */
const single = [
  headerField.from,
  headerField.to,
  headerField.callId,
  headerField.cseq,
  headerField.maxForwards,
  headerField.contentLength,
  headerField.contentType,
  headerField.expires,
  headerField.minExpires,
  headerField.sessionExpires,
  headerField.minSe,
  headerField.retryAfter,
  headerField.referTo,
] as const;

const singleMask = maskOf(single);

/** RFC 3261 §8.1.1.7. */
export const magicCookie = "z9hG4bK";
const lowerCaseCookie = magicCookie.toLowerCase();

/**
 * First fault of a request, or undefined. RFC 3261 §8.1.1, §16.3, §18.3 and the cases of RFC 4475. Rules that need to know
 * what the element can do (method, scheme, extensions, Max-Forwards 0) are left to the UAS.
 *
 * Max-Forwards, the From tag, the branch and Contact may be missing: RFC 2543 elements leave them out (RFC 4475 §3.4.1).
 */
export function validateRequest(request: SipRequest): RequestFault | undefined {
  if (request.sipVersion !== "SIP/2.0") {
    const fault = versionFault(request);
    if (fault !== undefined) return fault;
  }
  const why = requestUriFault(request) ?? headerFault(request);
  return why === undefined ? undefined : badRequest(request, why);
}

function versionFault(request: SipRequest): RequestFault | undefined {
  const version = request.sipVersion.toUpperCase();
  // RFC 3261 §7.1: compared without case.
  if (version === "SIP/2.0") return undefined;
  if (!isSipVersion(version)) return badRequest(request, "Malformed Request-Line");
  return { statusCode: 505, reasonPhrase: "Version Not Supported", mayAnswer: mayAnswer(request) };
}

function isSipVersion(version: string): boolean {
  if (!version.startsWith("SIP/")) return false;
  const dot = version.indexOf(".");
  return isDigits(version.slice(4, dot)) && isDigits(version.slice(dot + 1));
}

function isDigits(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return text.length > 0;
}

function badRequest(request: SipRequest, reasonPhrase: string): RequestFault {
  return { statusCode: 400, reasonPhrase, mayAnswer: mayAnswer(request) };
}

function mayAnswer(request: SipRequest): boolean {
  return !request.isPoisoned && (request.seenHeaderFields & echoedMask) === echoedMask && request.via().ok;
}

function requestUriFault(request: SipRequest): string | undefined {
  const { requestUri } = request;
  for (let at = 0; at < requestUri.length; at++) {
    if (!isOf(requestUri.charCodeAt(at), uriCharacter)) return "Malformed Request-URI";
  }
  const scheme = schemeOf(requestUri);
  if (scheme === "") return "Malformed Request-URI";
  if (scheme !== "sip" && scheme !== "sips") return undefined;
  const uri = request.uri();
  if (!uri.ok) return `Malformed Request-URI: ${uri.error.text}`;
  // RFC 3261 §19.1.1 table 1: a Request-URI has no headers part.
  return uri.value.headers === "" ? undefined : "Request-URI has a headers part";
}

function headerFault(request: SipRequest): string | undefined {
  return (
    request.syntaxFault?.text ??
    occurrenceFault(request) ??
    mandatoryFault(request) ??
    maxForwardsFault(request) ??
    routingFault(request) ??
    contentTypeFault(request)
  );
}

/** Missing mandatory header fields, and several where one is allowed. */
function occurrenceFault(request: SipRequest): string | undefined {
  const seen = request.seenHeaderFields;
  if ((seen & echoedMask) !== echoedMask) {
    for (const id of echoed) if ((seen & (1 << id)) === 0) return `Missing ${nameOfId(id)} header field`;
  }
  const repeated = request.repeatedHeaderFields & singleMask;
  if (repeated === 0) return undefined;
  for (const id of single)
    if ((repeated & (1 << id)) !== 0) return `More than one ${nameOfId(id)} header field`;
  return undefined;
}

function mandatoryFault(request: SipRequest): string | undefined {
  const via = viaFault(request);
  if (via !== undefined) return via;
  const from = request.from();
  if (!from.ok) return malformed("From", from.error);
  const to = request.to();
  if (!to.ok) return malformed("To", to.error);
  if (!isCallId(request.callId)) return "Malformed Call-ID header field";
  const cseq = request.cseq();
  if (!cseq.ok) return cseq.error.text;
  // RFC 3261 §8.1.1.5.
  return cseq.value.method === request.method ? undefined : "CSeq method does not match";
}

const emptyViaParameter = "Malformed Via header field: empty parameter";

function viaFault(request: SipRequest): string | undefined {
  const top = request.via();
  if (!top.ok) return malformed("Via", top.error);
  if (top.value.hasEmptyParameters) return emptyViaParameter;
  const vias = request.vias();
  if (!vias.ok) return malformed("Via", vias.error);
  for (const via of vias.value) if (via.hasEmptyParameters) return emptyViaParameter;
  const branch = top.value.branch;
  // RFC 4475 §3.2.1: the magic cookie alone identifies no transaction. Branches compare without case.
  if (branch === undefined || branch.length > magicCookie.length) return undefined;
  return branch === "" || branch.toLowerCase() === lowerCaseCookie ? "Via branch is empty" : undefined;
}

function malformed(name: string, error: SipSyntaxError): string {
  return error.headerField === undefined ? `Malformed ${name} header field: ${error.text}` : error.text;
}

/** word [ "@" word ]: RFC 3261 §25.1 gives words nearly every visible character; blanks and the rest are out. */
function isCallId(callId: string): boolean {
  for (let at = 0; at < callId.length; at++) {
    const code = callId.charCodeAt(at);
    if (code <= 0x20 || code >= 0x7f) return false;
  }
  return callId !== "";
}

function maxForwardsFault(request: SipRequest): string | undefined {
  const isThere = (request.seenHeaderFields & (1 << headerField.maxForwards)) !== 0;
  return isThere && request.maxForwards() === undefined ? "Malformed Max-Forwards header field" : undefined;
}

function routingFault(request: SipRequest): string | undefined {
  const seen = request.seenHeaderFields;
  if ((seen & (1 << headerField.contact)) !== 0) {
    const contacts = request.contacts();
    if (!contacts.ok) return malformed("Contact", contacts.error);
  }
  if ((seen & (1 << headerField.route)) !== 0) {
    const routes = request.nameAddrs("Route");
    if (!routes.ok) return malformed("Route", routes.error);
  }
  if ((seen & (1 << headerField.recordRoute)) !== 0) {
    const routes = request.nameAddrs("Record-Route");
    if (!routes.ok) return malformed("Record-Route", routes.error);
  }
  return undefined;
}

function contentTypeFault(request: SipRequest): string | undefined {
  const parsed = request.parsedContentType();
  return parsed === undefined || parsed.ok ? undefined : parsed.error.text;
}

function maskOf(ids: readonly number[]): number {
  let mask = 0;
  for (const id of ids) mask |= 1 << id;
  return mask;
}
