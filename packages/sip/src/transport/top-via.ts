import type { TransportProtocol } from "./flow.ts";

/**
 * Where the topmost Via stands in a message that we wrote or that has been validated. Nothing is copied.
 * `protocolStart..protocolEnd` is "UDP", `sentByStart..sentByEnd` is "host:port", the parameters end at `end`.
 */
export interface TopVia {
  readonly protocolStart: number;
  readonly protocolEnd: number;
  readonly sentByStart: number;
  readonly sentByEnd: number;
  /** End of this Via value: a comma or the end of the row. */
  readonly end: number;
}

const lineFeed = 10;
const carriageReturn = 13;
const comma = 44;
const colon = 58;
const semicolon = 59;

/** undefined: no Via, or one that is not "SIP/2.0/token sent-by". Folded rows end at the fold. */
export function findTopVia(text: string): TopVia | undefined {
  let lineStart = text.indexOf("\n") + 1;
  while (lineStart > 0 && lineStart < text.length && !isEndOfHeader(text, lineStart)) {
    const nameEnd = viaNameEnd(text, lineStart);
    const lineEnd = text.indexOf("\n", lineStart);
    if (nameEnd > 0) return splitVia(text, nameEnd, lineEnd < 0 ? text.length : lineEnd);
    lineStart = lineEnd + 1;
  }
  return undefined;
}

function isEndOfHeader(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === carriageReturn || code === lineFeed;
}

/** Position after the colon when a Via row ("Via" or "v") starts here, else -1. */
function viaNameEnd(text: string, start: number): number {
  if ((text.charCodeAt(start) | 32) !== 118) return -1;
  const isLong = (text.charCodeAt(start + 1) | 32) === 105 && (text.charCodeAt(start + 2) | 32) === 97;
  const at = skipBlanks(text, start + (isLong ? 3 : 1));
  return text.charCodeAt(at) === colon ? at + 1 : -1;
}

function splitVia(text: string, start: number, lineEnd: number): TopVia | undefined {
  const end = endOfValue(text, start, lineEnd);
  const slash = text.indexOf("/", text.indexOf("/", start) + 1);
  if (slash < start || slash >= end) return undefined;
  const protocolStart = skipBlanks(text, slash + 1);
  const protocolEnd = endOfWord(text, protocolStart, end);
  const sentByStart = skipBlanks(text, protocolEnd);
  const sentByEnd = endOfWord(text, sentByStart, end);
  if (protocolEnd === protocolStart || sentByEnd === sentByStart) return undefined;
  return { protocolStart, protocolEnd, sentByStart, sentByEnd, end };
}

/** A comma can also stand in a quoted parameter; no Via has such, and cutting it off there does no harm. */
function endOfValue(text: string, start: number, lineEnd: number): number {
  let at = start;
  while (at < lineEnd && text.charCodeAt(at) !== comma && text.charCodeAt(at) !== carriageReturn) at++;
  return at;
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

function endOfWord(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && !isWordEnd(text.charCodeAt(at))) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

function isWordEnd(code: number): boolean {
  return code === semicolon || isBlank(code);
}

/** Whether the Via has this parameter, with or without a value. Name in lower case. */
export function hasViaParameter(text: string, via: TopVia, name: string): boolean {
  return valueStart(text, via, name) >= 0;
}

/** Port of the sent-by; the default port of the protocol when it has none; -1 when it is no port. */
export function sentByPort(text: string, via: TopVia, protocol: TransportProtocol): number {
  const portColon = text.lastIndexOf(":", via.sentByEnd - 1);
  const bracket = text.lastIndexOf("]", via.sentByEnd - 1);
  if (portColon < via.sentByStart || portColon < bracket) return defaultPort(protocol);
  return portFrom(text, portColon + 1, via.sentByEnd);
}

/** Whether the Via asks for a symmetric response (RFC 3581): rport, empty or filled. */
export function wantsSymmetricResponse(text: string, via: TopVia): boolean {
  return hasViaParameter(text, via, "rport");
}

/** Host of the sent-by as written, brackets kept. */
export function sentByHost(text: string, via: TopVia): string {
  const sentBy = text.slice(via.sentByStart, via.sentByEnd);
  const portColon = sentBy.lastIndexOf(":");
  return portColon > sentBy.lastIndexOf("]") ? sentBy.slice(0, portColon) : sentBy;
}

/** RFC 3261 §18.2.2 and §19.1.2: 5060, for TLS 5061. */
export function defaultPort(protocol: TransportProtocol): number {
  return protocol === "TLS" ? 5061 : 5060;
}

function portFrom(text: string, start: number, end: number): number {
  let port = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9 || port > 65535) return -1;
    port = port * 10 + digit;
  }
  return port >= 1 && port <= 65535 ? port : -1;
}

/** Position after the name of the parameter, or -1. */
function valueStart(text: string, via: TopVia, name: string): number {
  let at = via.sentByEnd;
  while (at < via.end) {
    at = text.indexOf(";", at);
    if (at < 0 || at >= via.end) return -1;
    at = skipBlanks(text, at + 1);
    if (matchesName(text, at, name) && isNameEnd(text, at + name.length, via.end)) return at + name.length;
  }
  return -1;
}

function matchesName(text: string, start: number, name: string): boolean {
  for (let index = 0; index < name.length; index++) {
    if ((text.charCodeAt(start + index) | 32) !== name.charCodeAt(index)) return false;
  }
  return true;
}

function isNameEnd(text: string, at: number, end: number): boolean {
  if (at >= end) return true;
  const code = text.charCodeAt(at);
  return code === 61 || isWordEnd(code);
}
