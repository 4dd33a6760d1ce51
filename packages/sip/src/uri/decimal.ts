/**
 * The decimal number in [start, end), or -1 when it is empty, has anything but digits, or exceeds `maximum`
 * (at most 2^32 - 1). Leading zeros are allowed: RFC 4475 §3.1.1.1 has "0068".
 */
export function decimalIn(text: string, start: number, end: number, maximum: number): number {
  if (start >= end) return -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
    if (value > maximum) return -1;
  }
  return value;
}

/** {@link decimalIn} for a whole text. */
export function parseDecimal(text: string, maximum: number): number {
  return decimalIn(text, 0, text.length, maximum);
}
