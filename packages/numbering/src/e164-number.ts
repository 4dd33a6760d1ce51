declare const brand: unique symbol;

/** An international number in the form of ITU-T E.164, always with `+`: `+15551234567`. */
export type E164Number = string & { readonly [brand]: "E164Number" };

/** Digits of the shortest number that is taken, calling code included. */
export const minimumDigits = 7;
/** ITU-T E.164 §6.2.1: digits of the longest number, calling code included. */
export const maximumDigits = 15;

/** Reads `+` and 7 to 15 digits of which the first is not 0. No separators. Undefined: not such a number. */
export function parseE164(text: string): E164Number | undefined {
  const digits = text.length - 1;
  if (digits < minimumDigits || digits > maximumDigits || text.charCodeAt(0) !== 0x2b) return undefined;
  // No calling code begins with 0.
  if (text.charCodeAt(1) === 0x30) return undefined;
  for (let index = 1; index <= digits; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x30 || code > 0x39) return undefined;
  }
  return text as E164Number;
}
