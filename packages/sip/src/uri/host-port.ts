import { hostCharacter, isHexDigit, skipClass } from "./character-class.ts";
import { decimalIn } from "./decimal.ts";

/** Highest port number there is. */
export const maximumPort = 65535;

/**
 * End of the host that starts at `start`: a name, an IPv4 address, or an IPv6 reference with its brackets.
 * -1 when there is none. The grammar inside the brackets is checked by character, and for one "::" at most, which may be
 * ":::" (RFC 5118 §4.10 wants that tolerated).
 */
export function hostEnd(text: string, start: number, end: number): number {
  if (start >= end) return -1;
  if (text.charCodeAt(start) !== 0x5b) {
    const at = skipClass(text, start, end, hostCharacter);
    return at === start ? -1 : at;
  }
  return referenceEnd(text, start + 1, end);
}

function referenceEnd(text: string, start: number, end: number): number {
  let colons = 0;
  let colonsInARow = 0;
  let hasGap = false;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5d) return colons >= 2 ? at + 1 : -1;
    if (code !== 0x3a) {
      if (code !== 0x2e && !isHexDigit(code)) return -1;
      colonsInARow = 0;
      continue;
    }
    colons++;
    colonsInARow++;
    if (colonsInARow > 3 || (colonsInARow === 2 && hasGap)) return -1;
    if (colonsInARow === 2) hasGap = true;
  }
  return -1;
}

/** The host in lower case. ":::" in an IPv6 reference, a known slip of an old grammar (RFC 5118 §4.10), becomes "::". */
export function hostIn(text: string, start: number, end: number): string {
  const host = text.slice(start, end).toLowerCase();
  return host.charCodeAt(0) === 0x5b && host.includes(":::") ? host.replace(":::", "::") : host;
}

/** The port number in [start, end), 1 to 65535, or -1. */
export function portIn(text: string, start: number, end: number): number {
  const port = decimalIn(text, start, end, maximumPort);
  return port === 0 ? -1 : port;
}
