import type { TimeSpan } from "@tandem/database";
import { ApiError } from "./api-error.ts";

const dayMs = 86_400_000;
const secondMs = 1000;

/**
 * The filters `StartTime`, `StartTime<` and `StartTime>` of a query as a span. A date means the whole day (UTC), a date
 * and time the whole second; both limits belong to the span. Undefined: no such filter was given.
 */
export function timeSpanOf(name: string, query: Readonly<Record<string, unknown>>): TimeSpan | undefined {
  const exact = instantOf(name, query[name]);
  const last = instantOf(`${name}<`, query[`${name}<`]) ?? exact;
  const first = instantOf(`${name}>`, query[`${name}>`]) ?? exact;
  if (first === undefined && last === undefined) return undefined;
  return {
    from: first === undefined ? undefined : new Date(first.ms),
    to: last === undefined ? undefined : new Date(last.ms + last.lengthMs),
  };
}

interface Instant {
  readonly ms: number;
  readonly lengthMs: number;
}

function instantOf(name: string, given: unknown): Instant | undefined {
  if (typeof given !== "string") return undefined;
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?)?$/.exec(
    given,
  );
  const [, date, time, zone] = parts ?? [];
  const ms = Date.parse(time === undefined ? `${date}T00:00:00Z` : `${date}T${time}${zone ?? "Z"}`);
  if (Number.isNaN(ms)) {
    throw new ApiError("invalidParameter", `${name} must be a date or an ISO 8601 date and time.`);
  }
  return { ms, lengthMs: time === undefined ? dayMs : secondMs };
}
