/** SIP, SIPS and tel URIs (RFC 3261 §19.1, RFC 3966). Pure: no I/O, nothing throws. */
export { escapeUriParameter, escapeUser, unescapeUser } from "./escape.ts";
export { type Parameter, Parameters } from "./parameters.ts";
export type { Parsed, SipSyntaxError } from "./parsed.ts";
export { schemeOf } from "./scheme.ts";
export { parseSipUri, type SipUri, type SipUriParts, serializeSipUri } from "./sip-uri.ts";
export { parseTelUri, type TelUri } from "./tel-uri.ts";
export { uriEquals } from "./uri-equality.ts";
export { parseUriHeaders, type UriHeader } from "./uri-headers.ts";
