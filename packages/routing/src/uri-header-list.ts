import { type Reason, reasons } from "@tandem/reasons";

/** A header field that a SIP URI adds to the request, unescaped (latin1). */
export interface UriHeaderField {
  readonly name: string;
  readonly value: string;
}

/** One that was left out, and why. */
export interface OmittedUriHeader {
  readonly name: string;
  readonly reason: Reason;
}

export interface UriHeaderList {
  readonly headers: readonly UriHeaderField[];
  readonly omittedHeaders: readonly OmittedUriHeader[];
}

/** A header section of this many characters or more is left out as a whole. */
export const maximumUriHeaderCharacters = 1024;

const token = /^[A-Za-z0-9.!%*_+`'~-]+$/;
/** RFC 3261 §25.1: hnv-unreserved, unreserved and whole escapes. */
const escapedValue = /^(?:[A-Za-z0-9[\]/?:+$_.!~*'()-]|%[0-9A-Fa-f]{2})*$/;

/**
 * Reads what follows the `?` of a SIP URL that a customer has configured. Only `X-` header fields are taken and none of
 * the exchange's own; whatever is wrong leaves that header out and the call goes on.
 */
export function parseUriHeaderList(text: string): UriHeaderList {
  if (text.length >= maximumUriHeaderCharacters) {
    return { headers: [], omittedHeaders: [{ name: "", reason: reasons.uriHeadersTooLong }] };
  }
  const headers: UriHeaderField[] = [];
  const omittedHeaders: OmittedUriHeader[] = [];
  for (const pair of text === "" ? [] : text.split("&")) {
    const equals = pair.indexOf("=");
    const rawName = equals < 0 ? pair : pair.slice(0, equals);
    const rawValue = equals < 0 ? "" : pair.slice(equals + 1);
    const name = unescape(rawName);
    const reason = objectionTo(rawName, name, rawValue);
    if (reason === undefined) headers.push({ name, value: unescape(rawValue) });
    else omittedHeaders.push({ name: rawName, reason });
  }
  return { headers, omittedHeaders };
}

function objectionTo(rawName: string, name: string, rawValue: string): Reason | undefined {
  if (!escapedValue.test(rawName) || !token.test(name)) return reasons.badUriHeaderName;
  if (!isAllowedName(name.toLowerCase())) return reasons.uriHeaderNotAllowed;
  if (!escapedValue.test(rawValue) || hasControlCharacter(unescape(rawValue)))
    return reasons.badUriHeaderValue;
  return undefined;
}

function isAllowedName(name: string): boolean {
  return (
    name.length > 2 && name.startsWith("x-") && !name.startsWith("x-tandem") && !name.startsWith("x-twilio")
  );
}

/** A tab is the only control character that a header field value may hold. */
function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) return true;
  }
  return false;
}

/** %HH to bytes; a latin1 string holds bytes, so UTF-8 goes to the wire as it was escaped. */
function unescape(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}
