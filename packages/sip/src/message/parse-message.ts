import { isDigit, skipClass, tokenCharacter } from "../uri/character-class.ts";
import { failure, type Parsed } from "../uri/parsed.ts";
import { contentLengthOf } from "./content-length.ts";
import { type HeaderIndex, indexHeader } from "./header-index.ts";
import { type SipMessage, SipRequest, SipResponse } from "./sip-message.ts";

const empty = failure("message-empty", "Nothing but line breaks");
const unterminated = failure("start-line-unterminated", "Start line does not end");
const badRequestLine = failure("request-line-malformed", "Malformed Request-Line");
const badStatusLine = failure("status-line-malformed", "Malformed Status-Line");
const badReasonPhrase = failure("reason-phrase-malformed", "Control character in the reason phrase");
const longerThanDatagram = failure(
  "content-length-too-large",
  "Content-Length is larger than the datagram",
  "Content-Length",
);
const differsOnStream = failure(
  "content-length-mismatch",
  "Content-Length does not match the body",
  "Content-Length",
);
const neededOnStream = failure(
  "content-length-missing",
  "Missing Content-Length header field",
  "Content-Length",
);

/**
 * Parses one message, whose text is latin1.
 *
 * "datagram": what follows the body that Content-Length announces is ignored; without Content-Length all the rest is body
 * (RFC 3261 §18.3). "stream": the text is exactly one message, as StreamFramer cuts it.
 *
 * Fails only where there is no start line to speak of. Everything else that is wrong is left to validateRequest and
 * validateResponse, because a request that is wrong may have to be answered.
 */
export function parseMessage(text: string, framing: "datagram" | "stream"): Parsed<SipMessage> {
  let start = 0;
  // RFC 3261 §7.5: line breaks before the start line are ignored.
  while (text.charCodeAt(start) === 0x0d && text.charCodeAt(start + 1) === 0x0a) start += 2;
  if (start >= text.length) return empty;
  const lineEnd = text.indexOf("\r\n", start);
  if (lineEnd < 0) return unterminated;
  return isStatusLine(text, start)
    ? parseResponse(text, start, lineEnd, framing)
    : parseRequest(text, start, lineEnd, framing);
}

/** "/" is no token character, so no method looks like this. */
function isStatusLine(text: string, start: number): boolean {
  return (
    (text.charCodeAt(start) | 0x20) === 0x73 &&
    (text.charCodeAt(start + 1) | 0x20) === 0x69 &&
    (text.charCodeAt(start + 2) | 0x20) === 0x70 &&
    text.charCodeAt(start + 3) === 0x2f
  );
}

function parseRequest(
  text: string,
  start: number,
  lineEnd: number,
  framing: "datagram" | "stream",
): Parsed<SipMessage> {
  const methodEnd = skipClass(text, start, lineEnd, tokenCharacter);
  if (methodEnd === start || text.charCodeAt(methodEnd) !== 0x20) return badRequestLine;
  const lastSpace = text.lastIndexOf(" ", lineEnd - 1);
  const uriEnd = lastSpace > methodEnd ? lastSpace : lineEnd;
  const line = {
    method: text.slice(start, methodEnd),
    requestUri: text.slice(methodEnd + 1, uriEnd),
    sipVersion: uriEnd === lineEnd ? "" : text.slice(uriEnd + 1, lineEnd),
  };
  const index = indexHeader(text, lineEnd + 2);
  const bodyEnd = endOfBody(text, index, framing);
  return { ok: true, value: new SipRequest(text, line, index, bodyEnd, index.fault) };
}

function parseResponse(
  text: string,
  start: number,
  lineEnd: number,
  framing: "datagram" | "stream",
): Parsed<SipMessage> {
  const statusCode = statusCodeAt(text, start, lineEnd);
  if (statusCode < 0) return badStatusLine;
  const phraseStart = Math.min(start + 12, lineEnd);
  const index = indexHeader(text, lineEnd + 2);
  if (hasControl(text, phraseStart, lineEnd)) index.note(badReasonPhrase);
  const bodyEnd = endOfBody(text, index, framing);
  const reasonPhrase = text.slice(phraseStart, lineEnd);
  return {
    ok: true,
    value: new SipResponse(text, statusCode, reasonPhrase, index, bodyEnd, index.fault),
  };
}

/** "SIP/2.0 SP 3DIGIT" and then SP or the end of the line (some leave out the space before an empty phrase). -1 otherwise. */
function statusCodeAt(text: string, start: number, lineEnd: number): number {
  if (!text.startsWith("/2.0 ", start + 3)) return -1;
  const hundreds = text.charCodeAt(start + 8) - 0x30;
  if (!(hundreds >= 1 && hundreds <= 6)) return -1;
  if (!isDigit(text.charCodeAt(start + 9)) || !isDigit(text.charCodeAt(start + 10))) return -1;
  if (start + 11 !== lineEnd && text.charCodeAt(start + 11) !== 0x20) return -1;
  return hundreds * 100 + (text.charCodeAt(start + 9) - 0x30) * 10 + text.charCodeAt(start + 10) - 0x30;
}

function hasControl(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) return true;
  }
  return false;
}

/** Where the body ends. Notes in the index what is wrong with Content-Length. */
function endOfBody(text: string, index: HeaderIndex, framing: "datagram" | "stream"): number {
  const available = text.length - index.bodyStart;
  const contentLength = contentLengthOf(text, index);
  if (!contentLength.ok) {
    index.note(contentLength);
    return text.length;
  }
  const length = contentLength.value;
  if (framing === "stream") {
    if (length === undefined) index.note(neededOnStream);
    else if (length !== available) index.note(differsOnStream);
    return text.length;
  }
  if (length === undefined) return text.length;
  if (length > available) index.note(longerThanDatagram);
  return length > available ? text.length : index.bodyStart + length;
}
