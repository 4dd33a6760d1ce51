/** E.164 numbers, dialling rules, countries, emergency numbers. Pure. */
export { type Country, countryOf } from "./country.ts";
export { type DialingRules, normalize, northAmericanRules } from "./dialing-rules.ts";
export { type E164Number, maximumDigits, minimumDigits, parseE164 } from "./e164-number.ts";
export { type EmergencyNumber, emergencyNumberOf, isEmergencyNumber } from "./emergency-number.ts";
