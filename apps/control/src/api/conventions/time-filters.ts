import type { TimeSpan } from "@tandem/database";
import { ApiError } from "./api-error.ts";

const dayMs = 86_400_000;
const secondMs = 1000;

/** What both PostgreSQL and four digits of a year can say; no call lies outside. */
const earliestMs = Date.parse("0001-01-01T00:00:00Z");
const latestMs = Date.parse("9999-12-31T23:59:59.999Z");

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
    from: first && storable(first.ms),
    to: last && storable(last.ms + last.lengthMs),
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
  // Date reads 30 February as 2 March.
  if (Number.isNaN(ms) || !isDay(date)) {
    throw new ApiError("invalidParameter", `${name} must be a date or an ISO 8601 date and time.`);
  }
  return { ms, lengthMs: time === undefined ? dayMs : secondMs };
}

function isDay(date = ""): boolean {
  const day = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
}

function storable(ms: number): Date {
  return new Date(Math.min(Math.max(ms, earliestMs), latestMs));
}
