import { callingCodes } from "./calling-codes.ts";
import type { E164Number } from "./e164-number.ts";

/** What the first digits of a number say. */
export interface Country {
  /** Without +. */
  readonly callingCode: string;
  /** ISO 3166-1 codes of those who share the calling code; empty: a global service (800, 870, 883, …). */
  readonly isoCodes: readonly string[];
}

const countries: ReadonlyMap<string, Country> = new Map(
  Object.entries(callingCodes).map(([callingCode, isoCodes]) => [
    callingCode,
    { callingCode, isoCodes: isoCodes === "" ? [] : isoCodes.split(" ") },
  ]),
);

const maximumCodeDigits = 3;

/** Who uses the number's calling code. Undefined: ITU-T has not assigned it. Area codes are not looked at. */
export function countryOf(number: E164Number): Country | undefined {
  // No calling code is the beginning of another one, so the order does not matter.
  for (let digits = 1; digits <= maximumCodeDigits; digits++) {
    const country = countries.get(number.slice(1, 1 + digits));
    if (country !== undefined) return country;
  }
  return undefined;
}
