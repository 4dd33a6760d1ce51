import { failure, type Parsed, success } from "../uri/parsed.ts";
import { deltaSecondsAt } from "./delta-seconds.ts";
import { parametersFine, readHeaderParameters } from "./header-parameters.ts";

const malformed = failure("min-se-malformed", "Malformed Min-SE header field", "Min-SE");

/** Parses a Min-SE value to seconds, RFC 4028 §5. Its parameters have no meaning yet. */
export function parseMinSe(value: string): Parsed<number> {
  const { seconds, end } = deltaSecondsAt(value);
  if (seconds < 0 || readHeaderParameters(value, end, value.length, []) !== parametersFine) return malformed;
  return success(seconds);
}
