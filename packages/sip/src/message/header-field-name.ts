import { isLetter, isOf, tokenCharacter } from "../uri/character-class.ts";

/**
 * Well-known header fields as small numbers. Those below {@link masked} have a bit of their own in the masks of
 * {@link HeaderIndex}, so that "is it there" and "is it there twice" are one AND.
 */
export const headerField = {
  via: 0,
  from: 1,
  to: 2,
  callId: 3,
  cseq: 4,
  maxForwards: 5,
  contentLength: 6,
  contentType: 7,
  expires: 8,
  minExpires: 9,
  sessionExpires: 10,
  minSe: 11,
  date: 12,
  retryAfter: 13,
  contentEncoding: 14,
  subject: 15,
  contact: 16,
  route: 17,
  recordRoute: 18,
  require: 19,
  proxyRequire: 20,
  supported: 21,
  referTo: 22,
  timestamp: 23,
} as const;

/** Ids below this have a bit in the masks. */
export const masked = 24;

/** Id of a header field that has no number. */
export const unknownHeaderField = 255;

/** Canonical long form by id. The first ones in the order of {@link headerField}. */
const canonicalNames: readonly string[] = [
  "Via",
  "From",
  "To",
  "Call-ID",
  "CSeq",
  "Max-Forwards",
  "Content-Length",
  "Content-Type",
  "Expires",
  "Min-Expires",
  "Session-Expires",
  "Min-SE",
  "Date",
  "Retry-After",
  "Content-Encoding",
  "Subject",
  "Contact",
  "Route",
  "Record-Route",
  "Require",
  "Proxy-Require",
  "Supported",
  "Refer-To",
  "Timestamp",
  "Accept",
  "Accept-Contact",
  "Accept-Encoding",
  "Accept-Language",
  "Alert-Info",
  "Allow",
  "Allow-Events",
  "Authentication-Info",
  "Authorization",
  "Call-Info",
  "Content-Disposition",
  "Content-Language",
  "Diversion",
  "Error-Info",
  "Event",
  "Geolocation",
  "History-Info",
  "Identity",
  "Identity-Info",
  "In-Reply-To",
  "Join",
  "MIME-Version",
  "Max-Breadth",
  "Organization",
  "P-Access-Network-Info",
  "P-Asserted-Identity",
  "P-Called-Party-ID",
  "P-Charging-Vector",
  "P-Early-Media",
  "P-Preferred-Identity",
  "Path",
  "Priority",
  "Privacy",
  "Proxy-Authenticate",
  "Proxy-Authorization",
  "RAck",
  "RSeq",
  "Reason",
  "Recv-Info",
  "Refer-Sub",
  "Referred-By",
  "Reject-Contact",
  "Remote-Party-ID",
  "Replaces",
  "Reply-To",
  "Request-Disposition",
  "Resource-Priority",
  "SIP-ETag",
  "SIP-If-Match",
  "Server",
  "Service-Route",
  "Session-ID",
  "Subscription-State",
  "Unsupported",
  "User-Agent",
  "User-to-User",
  "Warning",
  "WWW-Authenticate",
];

/** Compact forms of the IANA registry. */
const compactForms: Readonly<Record<string, string>> = {
  a: "Accept-Contact",
  b: "Referred-By",
  c: "Content-Type",
  d: "Request-Disposition",
  e: "Content-Encoding",
  f: "From",
  i: "Call-ID",
  j: "Reject-Contact",
  k: "Supported",
  l: "Content-Length",
  m: "Contact",
  n: "Identity-Info",
  o: "Event",
  r: "Refer-To",
  s: "Subject",
  t: "To",
  u: "Allow-Events",
  v: "Via",
  x: "Session-Expires",
  y: "Identity",
};

const idsByExactName = new Map(canonicalNames.map((name, id) => [name, id]));

/** Symbols of the trie: 0 ends a name, letters are 1 to 26 whatever their case, "-" is 27, any other token character 28. */
const symbolBits = 5;
const otherSymbol = 28;
const symbols = new Uint8Array(256);
for (let code = 0; code < 256; code++) symbols[code] = symbolOf(code);

const noTransitions: readonly number[] = Array.from({ length: 1 << symbolBits }, () => 0);
/** Next state by (state, symbol). State 0 is the dead end, state 1 the root; 64 bytes a state. */
const next: number[] = [...noTransitions, ...noTransitions];
/** Id of the name that ends in a state. */
const accepted: number[] = [unknownHeaderField, unknownHeaderField];
for (const [id, name] of canonicalNames.entries()) addName(name, id);
for (const [letter, name] of Object.entries(compactForms)) addName(letter, canonicalNames.indexOf(name));
const nextState = Uint16Array.from(next);
const acceptedId = Uint8Array.from(accepted);

function symbolOf(code: number): number {
  if (!isOf(code, tokenCharacter)) return 0;
  if (isLetter(code)) return code & 31;
  return code === 0x2d ? 27 : otherSymbol;
}

function addName(name: string, id: number): void {
  let state = 1;
  for (let at = 0; at < name.length; at++) {
    const slot = (state << symbolBits) + (symbols[name.charCodeAt(at)] ?? 0);
    if (next[slot] === 0) {
      next[slot] = accepted.length;
      accepted.push(unknownHeaderField);
      next.push(...noTransitions);
    }
    state = next[slot] ?? 0;
  }
  accepted[state] = id;
}

/**
 * Reads the token at `start`, which ends where it ends, and finds its id on the way. Returns end * 256 + id, so that the
 * innermost loop of the parser allocates nothing.
 */
export function readName(text: string, start: number): number {
  let state = 1;
  let at = start;
  for (;;) {
    // Past the end is NaN. As an index it would make this line, and so every name of every message, slow for good.
    const symbol = symbols[text.charCodeAt(at) | 0] ?? 0;
    if (symbol === 0) break;
    state = nextState[(state << symbolBits) + symbol] ?? 0;
    at++;
  }
  return at * 256 + (acceptedId[state] ?? unknownHeaderField);
}

/** Id of a header field by name, long or compact, in any case; {@link unknownHeaderField} if it has none. */
export function headerFieldId(name: string): number {
  const exact = idsByExactName.get(name);
  if (exact !== undefined) return exact;
  const read = readName(name, 0);
  return read >> 8 === name.length ? read & 255 : unknownHeaderField;
}

/** Canonical long form of a known header field name, the name as given otherwise. */
export function canonicalName(name: string): string {
  const id = headerFieldId(name);
  return id === unknownHeaderField ? name : (canonicalNames[id] ?? name);
}

const lineStarts = canonicalNames.map((name) => `\r\n${name}: `);

/** How the line of a known id begins, with the end of the line before it. */
export function lineStartOfId(id: number): string {
  return lineStarts[id] ?? "";
}

/** Canonical long form of a known id. */
export function nameOfId(id: number): string {
  return canonicalNames[id] ?? "";
}
