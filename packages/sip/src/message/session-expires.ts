import { Parameters } from "../uri/parameters.ts";
import { failure, type Parsed, success } from "../uri/parsed.ts";
import { deltaSecondsAt } from "./delta-seconds.ts";
import { parametersFine, readHeaderParameters } from "./header-parameters.ts";

/** RFC 4028 §4. */
export interface SessionExpires {
  readonly sessionIntervalSeconds: number;
  /** Who refreshes; undefined when left open. */
  readonly refresher: "uac" | "uas" | undefined;
}

const malformed = failure(
  "session-expires-malformed",
  "Malformed Session-Expires header field",
  "Session-Expires",
);

/** Parses a Session-Expires value. */
export function parseSessionExpires(value: string): Parsed<SessionExpires> {
  const { seconds, end } = deltaSecondsAt(value);
  const offsets: number[] = [];
  if (seconds < 0 || readHeaderParameters(value, end, value.length, offsets) !== parametersFine)
    return malformed;
  const refresher = new Parameters(value, offsets).get("refresher")?.toLowerCase();
  if (refresher !== undefined && refresher !== "uac" && refresher !== "uas") return malformed;
  return success({ sessionIntervalSeconds: seconds, refresher });
}
