import { isDigit } from "../uri/character-class.ts";
import { decimalIn } from "../uri/decimal.ts";

/** RFC 3261 §20: delta-seconds are of 32 bits without sign. */
export const maximumDeltaSeconds = 4_294_967_295;

/** Delta-seconds at the start of a value: the number (-1 if none or too large) and where its digits end. */
export function deltaSecondsAt(value: string): { readonly seconds: number; readonly end: number } {
  let end = 0;
  while (isDigit(value.charCodeAt(end))) end++;
  return { seconds: decimalIn(value, 0, end, maximumDeltaSeconds), end };
}
