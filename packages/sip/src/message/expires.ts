import { failure, type Parsed, success } from "../uri/parsed.ts";
import { deltaSecondsAt } from "./delta-seconds.ts";

const malformed = failure("expires-malformed", "Malformed Expires header field", "Expires");

/** Parses an Expires value to seconds, 0 to 4294967295 (RFC 3261 §20.19). The dates of RFC 2543 are malformed. */
export function parseExpires(value: string): Parsed<number> {
  const { seconds, end } = deltaSecondsAt(value);
  return seconds < 0 || end < value.length ? malformed : success(seconds);
}
