import type { ParsedCandidateUri } from "@tandem/routing";

/** `sip:[user@]host[:port][;transport=…]` of a candidate: what stands in the Request-URI, without edge, tnx and header list. */
export function requestUriOf(uri: ParsedCandidateUri, user: string | undefined): string {
  const port = uri.port === undefined ? "" : `:${uri.port}`;
  const transport = uri.transport === undefined ? "" : `;transport=${uri.transport.toLowerCase()}`;
  const userPart = user === undefined ? "" : `${user}@`;
  return `sip:${userPart}${uri.host}${port}${transport}`;
}

/** A name-addr; the display name is quoted with its escapes (RFC 3261 §25.1). */
export function nameAddrText(displayName: string | undefined, uri: string): string {
  if (displayName === undefined || displayName === "") return `<${uri}>`;
  return `"${displayName.replace(/["\\]/g, "\\$&")}" <${uri}>`;
}
