/**
 * The number that `text` writes in decimal digits between `start` and `end`, or -1 when anything else stands there,
 * when it is empty, or when the number is above `maximum`. Leading zeros are fine.
 */
export function parseDecimal(text: string, start: number, end: number, maximum: number): number {
  if (start >= end) return -1;
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
    if (value > maximum) return -1;
  }
  return value;
}
