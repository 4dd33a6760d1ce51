import { parseDecimal } from "../uri/decimal.ts";
import { Parameters } from "../uri/parameters.ts";
import { failure, type Parsed, success } from "../uri/parsed.ts";
import { deltaSecondsAt, maximumDeltaSeconds } from "./delta-seconds.ts";
import { parametersFine, readHeaderParameters } from "./header-parameters.ts";

/** RFC 3261 §20.33. */
export interface RetryAfter {
  readonly seconds: number;
  /** How long the other side expects to be reachable from then on. */
  readonly durationSeconds: number | undefined;
}

const malformed = failure("retry-after-malformed", "Malformed Retry-After header field", "Retry-After");

/** Parses a Retry-After value. A comment in parentheses is skipped. */
export function parseRetryAfter(value: string): Parsed<RetryAfter> {
  const { seconds, end } = deltaSecondsAt(value);
  if (seconds < 0) return malformed;
  const offsets: number[] = [];
  const parametersStart = endOfComment(value, end);
  if (parametersStart < 0) return malformed;
  if (readHeaderParameters(value, parametersStart, value.length, offsets) !== parametersFine)
    return malformed;
  const duration = new Parameters(value, offsets).get("duration");
  const durationSeconds = duration === undefined ? undefined : parseDecimal(duration, maximumDeltaSeconds);
  return durationSeconds === -1 ? malformed : success({ seconds, durationSeconds });
}

/** Position behind a comment that starts behind blanks at `start`; `start` if there is none; -1 if it is not closed. */
function endOfComment(value: string, start: number): number {
  let at = start;
  while (value.charCodeAt(at) === 0x20) at++;
  if (value.charCodeAt(at) !== 0x28) return start;
  let depth = 0;
  for (; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x28) depth++;
    else if (code === 0x29) {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}
