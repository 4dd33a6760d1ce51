import { destinations } from "./countries.ts";
import {
  highRiskSpecialCallingCodes,
  highRiskSpecialPrefixes,
  highRiskTollFraudCallingCodes,
} from "./high-risk-prefixes.ts";

/** High-risk prefixes that the exchange ships with, `+4470`; each list ascending. */
export const shippedPrefixes: {
  readonly highRiskSpecial: readonly string[];
  readonly highRiskTollFraud: readonly string[];
} = {
  highRiskSpecial: [...ofCountries(), ...highRiskSpecialCallingCodes.map((code) => `+${code}`)].toSorted(),
  highRiskTollFraud: highRiskTollFraudCallingCodes.map((code) => `+${code}`).toSorted(),
};

function ofCountries(): string[] {
  return Object.entries(highRiskSpecialPrefixes).flatMap(([isoCode, prefixes]) => {
    const callingCode = destinations.get(isoCode)?.callingCodes[0] ?? "";
    return prefixes.split(" ").map((prefix) => `+${callingCode}${prefix}`);
  });
}
