import { parseE164 } from "@tandem/numbering";

declare const brand: unique symbol;

/** A number as it stands in a PASSporT (RFC 8224 §8.3): the digits of an E.164 number without the plus. */
export type CanonicalNumber = string & { readonly [brand]: "CanonicalNumber" };

/** What is left out of a number before it is compared (RFC 8224 §8.3). */
const separators = /[-. ()]/g;

/**
 * The canonical form of a number with or without plus and separators. Undefined: no E.164 number. A national number is
 * none: nobody here knows its country.
 */
export function canonicalNumber(written: string): CanonicalNumber | undefined {
  const digits = written.replace(separators, "");
  const number = parseE164(digits.startsWith("+") ? digits : `+${digits}`);
  return number === undefined ? undefined : (number.slice(1) as CanonicalNumber);
}
