import { callingCodes } from "./calling-codes.ts";
import { countryPrefixes } from "./country-prefixes.ts";
import { internationalServices } from "./international-services.ts";
import { type PrefixGroup, PrefixMap } from "./prefix-map.ts";

/**
 * The country of a number as its ISO 3166-1 code, or the code of an international service (XS, XN, …). Where countries
 * share a calling code, the digits behind it decide; numbers there that nobody has count as the first country's: +1 555 as
 * the United States. Takes prefixes of numbers too. Undefined: ITU-T has not assigned the calling code, or there is no +.
 */
export function isoCodeOf(number: string): string | undefined {
  return byPrefix.find(number)?.value;
}

const byPrefix = new PrefixMap(groups());

function* groups(): Generator<PrefixGroup<string>> {
  for (const [callingCode, isoCodes] of Object.entries(callingCodes)) {
    const first = isoCodes.split(" ")[0];
    if (first !== undefined && first !== "") yield { prefixes: [`+${callingCode}`], value: first };
    for (const [isoCode, prefixes] of Object.entries(countryPrefixes[callingCode] ?? {})) {
      yield { prefixes: prefixes.split(" ").map((prefix) => `+${callingCode}${prefix}`), value: isoCode };
    }
  }
  for (const [value, { callingCodes: codes }] of Object.entries(internationalServices)) {
    yield { prefixes: codes.map((code) => `+${code}`), value };
  }
}
