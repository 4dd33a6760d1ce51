/** E.164 numbers, dialling rules, countries, high-risk prefixes, emergency numbers. Pure. */
export { type Destination, destinations } from "./countries.ts";
export { type Country, countryOf } from "./country.ts";
export { isoCodeOf } from "./destination-country.ts";
export { type DialingRules, normalize, northAmericanRules } from "./dialing-rules.ts";
export { type E164Number, maximumDigits, minimumDigits, parseE164 } from "./e164-number.ts";
export { type EmergencyNumber, emergencyNumberOf, isEmergencyNumber } from "./emergency-number.ts";
export { type PrefixGroup, PrefixMap } from "./prefix-map.ts";
export { shippedPrefixes } from "./shipped-prefixes.ts";
