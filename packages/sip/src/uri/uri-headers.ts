import { hasWholeEscapes } from "./character-class.ts";
import { unescapeUser } from "./escape.ts";
import { failure, type Parsed, success } from "./parsed.ts";

/** One header field that a URI asks to be put into the request built from it (RFC 3261 §19.1.1), unescaped. */
export interface UriHeader {
  readonly name: string;
  readonly value: string;
}

const malformed = failure("uri-malformed-headers", "Malformed headers part of URI");

/** Parses the headers part of a SIP URI, without its "?". "" gives an empty list. */
export function parseUriHeaders(headers: string): Parsed<readonly UriHeader[]> {
  if (headers === "") return success([]);
  if (!hasWholeEscapes(headers, 0, headers.length)) return malformed;
  const all: UriHeader[] = [];
  for (const part of headers.split("&")) {
    const equals = part.indexOf("=");
    if (equals <= 0) return malformed;
    all.push({ name: unescapeUser(part.slice(0, equals)), value: unescapeUser(part.slice(equals + 1)) });
  }
  return success(all);
}
