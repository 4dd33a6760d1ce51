import { isDigit, isLetter } from "./character-class.ts";

/**
 * Position of the ":" that ends the scheme of a URI starting at `start`, or -1.
 * RFC 3261 §25.1: scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ).
 */
export function schemeEnd(text: string, start: number, end: number): number {
  if (!isLetter(text.charCodeAt(start))) return -1;
  for (let at = start + 1; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x3a) return at;
    if (!isLetter(code) && !isDigit(code) && code !== 0x2b && code !== 0x2d && code !== 0x2e) return -1;
  }
  return -1;
}

/** Scheme of a URI in lower case, "" if it has none. For 416 (Unsupported URI Scheme). */
export function schemeOf(text: string): string {
  const end = schemeEnd(text, 0, text.length);
  return end < 0 ? "" : text.slice(0, end).toLowerCase();
}
