/** What the overview says of the last hour's calls. */
import { type Row, textOf } from "../api/row.ts";

export interface CallCounts {
  readonly calls: number;
  readonly answered: number;
  /** Seconds that the answered calls took. */
  readonly seconds: number;
}

/** Of calls that are over: of one in progress nobody knows yet whether it will be answered. */
export function countCalls(calls: readonly Row[]): CallCounts {
  const over = calls.filter((call) => textOf(call, "end_time") !== "");
  const answered = over.filter((call) => textOf(call, "status") === "completed");
  return {
    calls: over.length,
    answered: answered.length,
    seconds: answered.reduce((sum, call) => sum + Number(textOf(call, "duration") || 0), 0),
  };
}
