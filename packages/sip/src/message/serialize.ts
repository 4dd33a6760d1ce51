import { skipClass, tokenCharacter } from "../uri/character-class.ts";
import type { OutgoingRequest, OutgoingResponse } from "./outgoing-message.ts";

/** A message of ours that would not be one message on the wire. Our fault, not the peer's: it ends the call it belongs to. */
export class UnserializableMessageError extends Error {
  override readonly name = "UnserializableMessageError";
  readonly code = "message-unserializable";
}

/**
 * The message as latin1 text. Content-Length is computed and written last; one that the header fields hold is dropped.
 *
 * Throws {@link UnserializableMessageError} on CR, LF or a character above U+00FF anywhere in the header (latin1 would cut
 * U+010A down to a line feed), on NUL outside a quoted-pair, on a name that is no token, on a start line whose parts
 * hold spaces, and on a body that is not latin1.
 */
export function serialize(message: OutgoingRequest | OutgoingResponse): string {
  let header = startLineOf(message);
  const headerFields = message.headerFields;
  let lines = 1;
  // Each line brings the end of the one before: two joins a line instead of four.
  for (let row = 0; row < headerFields.count; row++) {
    if (headerFields.isContentLengthAt(row)) continue;
    const name = headerFields.unknownNameAt(row);
    if (name === undefined) header += headerFields.lineStartAt(row);
    else if (isToken(name)) header += `\r\n${name}: `;
    else refuse("header field name is not a token");
    header += headerFields.valueAt(row);
    lines++;
  }
  header += `\r\nContent-Length: ${message.body.length}\r\n\r\n`;
  const text = header + message.body;
  checkHeader(text, header.length, lines + 2);
  if (wide.test(text)) refuse("a character is not latin1");
  return text;
}

/**
 * Fails at once on a text that V8 stores one byte per character, without looking at it: that makes it the cheapest test
 * there is for the common case.
 */
const wide = /[^\0-\xff]/u;

/**
 * Checks that the first `length` characters are exactly so many lines, and that no other CR, LF or NUL stands in them.
 * A few native searches over the finished text cost a fraction of a loop over each value.
 */
function checkHeader(text: string, length: number, lines: number): void {
  let at = 0;
  for (let line = 0; line < lines; line++) {
    const lineFeed = text.indexOf("\n", at);
    if (text.indexOf("\r", at) !== lineFeed - 1) refuse("a header field holds CR or LF");
    at = lineFeed + 1;
  }
  // A line break of a value's own would have made this many lines end earlier.
  if (at !== length) refuse("a header field holds CR or LF");
  let nul = text.indexOf("\0");
  while (nul >= 0 && nul < length) {
    // RFC 3261 §25.1 allows NUL as a quoted-pair; RFC 4475 §3.1.1.2 sends one that the response has to repeat.
    if (text.charCodeAt(nul - 1) !== 0x5c) refuse("a header field holds NUL");
    nul = text.indexOf("\0", nul + 1);
  }
}

function startLineOf(message: OutgoingRequest | OutgoingResponse): string {
  if (message.isRequest) {
    if (!isToken(message.method)) refuse("method is not a token");
    if (!isOneWord(message.requestUri)) refuse("Request-URI is empty or not visible ASCII");
    return `${message.method} ${message.requestUri} SIP/2.0`;
  }
  const { statusCode, reasonPhrase } = message;
  if (!Number.isInteger(statusCode) || statusCode < 100 || statusCode > 699)
    refuse("status code is not 100 to 699");
  return `SIP/2.0 ${statusCode} ${reasonPhrase}`;
}

function refuse(why: string): never {
  throw new UnserializableMessageError(why);
}

function isToken(text: string): boolean {
  return text.length > 0 && skipClass(text, 0, text.length, tokenCharacter) === text.length;
}

function isOneWord(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code >= 0x7f) return false;
  }
  return text.length > 0;
}
