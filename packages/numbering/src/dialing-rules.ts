import { type E164Number, parseE164 } from "./e164-number.ts";

/** How numbers are dialled where a PBX stands. */
export interface DialingRules {
  /** Calling code of the country, without +: `44`. */
  readonly callingCode: string;
  /** What is dialled before an international number: `00`, `011`. */
  readonly internationalPrefixes: readonly string[];
  /** What is dialled before a national number: `0`; `1` in North America; "" where there is none. */
  readonly nationalPrefix: string;
  /** Digits of national numbers that are dialled without the national prefix: 10 in North America. */
  readonly nationalNumberLengths: readonly number[];
}

/** North America: `+1…`, `011…`, `1` and 10 digits, or 10 digits. */
export const northAmericanRules: DialingRules = {
  callingCode: "1",
  internationalPrefixes: ["011"],
  nationalPrefix: "1",
  nationalNumberLengths: [10],
};

/**
 * The E.164 number that a dialled number means: separators (space, `-`, `.`, `(`, `)`, `/`) are dropped, then `+`, an
 * international prefix, the national prefix and a bare national number are tried in that order. Undefined: none fits.
 */
export function normalize(text: string, rules: DialingRules): E164Number | undefined {
  const dialled = withoutSeparators(text);
  if (dialled.startsWith("+")) return parseE164(dialled);
  for (const prefix of rules.internationalPrefixes) {
    if (dialled.startsWith(prefix)) return parseE164(`+${dialled.slice(prefix.length)}`);
  }
  if (rules.nationalPrefix !== "" && dialled.startsWith(rules.nationalPrefix)) {
    return parseE164(`+${rules.callingCode}${dialled.slice(rules.nationalPrefix.length)}`);
  }
  const isNational = rules.nationalNumberLengths.includes(dialled.length);
  return isNational ? parseE164(`+${rules.callingCode}${dialled}`) : undefined;
}

function withoutSeparators(text: string): string {
  let plain = "";
  for (const character of text) if (!" -.()/".includes(character)) plain += character;
  return plain;
}
