import type { CallRecord, CallStatus } from "@tandem/contracts";
import type { Queryable } from "../database.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";

export interface CallRow {
  readonly sid: string;
  readonly sequence: number;
  readonly account_sid: string | null;
  readonly trunk_sid: string | null;
  readonly phone_number_sid: string | null;
  readonly parent_call_sid: string | null;
  readonly direction: "termination" | "origination";
  readonly status: CallStatus;
  readonly calling_number: string;
  readonly called_number: string;
  readonly start_time: Date;
  readonly answer_time: Date | null;
  readonly end_time: Date | null;
  readonly duration_seconds: number;
  readonly record: CallRecord;
  readonly date_created: Date;
}

/** Half-open span of time: `from` belongs to it, `to` does not. Undefined: open. */
export interface TimeSpan {
  readonly from: Date | undefined;
  readonly to: Date | undefined;
}

export interface CallFilters {
  readonly callingNumber?: string | undefined;
  readonly calledNumber?: string | undefined;
  readonly status?: CallStatus | undefined;
  readonly parentCallSid?: string | undefined;
  readonly trunkSid?: string | undefined;
  /** The private line that the call came or was to leave over. */
  readonly connectionSid?: string | undefined;
  /** The side that was not heard. */
  readonly oneWayAudio?: "caller" | "callee" | undefined;
  /** The side that began a telephone event: a key press of its came through. */
  readonly eventsFrom?: "caller" | "callee" | undefined;
  /** Calls whose mean opinion score was lower, in the worse direction. */
  readonly mosBelow?: number | undefined;
  readonly startTime?: TimeSpan | undefined;
  readonly endTime?: TimeSpan | undefined;
  /** SID, number or SIP Call-ID, whole or its beginning. */
  readonly search?: string | undefined;
}

const columns = `sid, sequence, account_sid, trunk_sid, phone_number_sid, parent_call_sid, direction, status,
  calling_number, called_number, start_time, answer_time, end_time, duration_seconds, record, date_created`;

const eventColumns = { caller: "events_from_caller", callee: "events_from_callee" } as const;

/** Finished calls of an account, in the order in which their records came. */
export function listCalls(
  database: Queryable,
  accountSid: string,
  filters: CallFilters,
  window: PageWindow,
): Promise<Page<CallRow>> {
  const parameters: unknown[] = [accountSid];
  const conditions = ["account_sid = $1"];
  const add = (condition: string, value: unknown): void => {
    if (value === undefined) return;
    parameters.push(value);
    conditions.push(`${condition} $${parameters.length}`);
  };
  add("calling_number =", filters.callingNumber);
  add("called_number =", filters.calledNumber);
  add("status =", filters.status);
  add("parent_call_sid =", filters.parentCallSid);
  add("trunk_sid =", filters.trunkSid);
  add("one_way_audio =", filters.oneWayAudio);
  add("mos <", filters.mosBelow);
  if (filters.eventsFrom !== undefined) conditions.push(`${eventColumns[filters.eventsFrom]} > 0`);
  add("start_time >=", filters.startTime?.from);
  add("start_time <", filters.startTime?.to);
  add("end_time >=", filters.endTime?.from);
  add("end_time <", filters.endTime?.to);
  if (filters.connectionSid !== undefined) {
    parameters.push(filters.connectionSid);
    const place = `$${parameters.length}::text`;
    conditions.push(`(record->>'ingressConnection' = ${place} or
      jsonb_path_query_array(record, '$.attempts[*].connection ? (@ != null)') ? ${place})`);
  }
  if (filters.search !== undefined) {
    parameters.push(prefixQuery(filters.search));
    conditions.push(`search @@ $${parameters.length}::tsquery`);
  }
  const list = {
    select: `select ${columns} from calls`,
    where: conditions.join(" and "),
    parameters,
    sequence: "sequence",
  };
  return selectPage<CallRow>(database, list, window);
}

export async function findCall(
  database: Queryable,
  accountSid: string,
  sid: string,
): Promise<CallRow | undefined> {
  const sql = `select ${columns} from calls where account_sid = $1 and sid = $2`;
  return (await database.query<CallRow>(sql, [accountSid, sid]))[0];
}

/** Which of these calls have ended, their records being here. */
export async function findStoredCallSids(
  database: Queryable,
  sids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (sids.length === 0) return new Set();
  const rows = await database.query<{ sid: string }>("select sid from calls where sid = any($1::text[])", [
    sids,
  ]);
  return new Set(rows.map((row) => row.sid));
}

/** One quoted lexeme that may go on: nothing in it is an operator. */
function prefixQuery(text: string): string {
  const quoted = text.slice(0, 255).toLowerCase().replaceAll("\\", "\\\\").replaceAll("'", "''");
  return `'${quoted}':*`;
}
