import type { LegRecord } from "@tandem/contracts";
import type { Queryable } from "../database.ts";

/** Stores what sister gateways did for calls. A row that is there already stays: entries are delivered at least once. */
export async function insertCallLegs(
  transaction: Queryable,
  gateway: string,
  legs: readonly LegRecord[],
): Promise<number> {
  if (legs.length === 0) return 0;
  const rows = await transaction.query(
    `insert into call_legs (call_sid, attempt_index, gateway, edge, connection_sid, status_code, q850_cause, reason_code,
       setup_at, answered_at, released_at, leg)
     select l->>'callSid', (l->>'attemptIndex')::integer, $2, l->>'edge', l->>'connection',
       (l->>'statusCode')::integer, (l->>'q850Cause')::integer, (l->'reason'->>'code')::integer,
       to_timestamp((l->>'setupAtMs')::float8 / 1000), to_timestamp((l->>'answeredAtMs')::float8 / 1000),
       to_timestamp((l->>'releasedAtMs')::float8 / 1000), l
     from jsonb_array_elements($1::jsonb) with ordinality as given (l, place)
     order by place
     on conflict (call_sid, attempt_index, gateway) do nothing
     returning call_sid`,
    [JSON.stringify(legs), gateway],
  );
  return rows.length;
}

/** A leg and the authenticated name of the gateway that told of it. */
export interface CallLegRow {
  readonly call_sid: string;
  readonly gateway: string;
  readonly leg: LegRecord;
}

/** Legs of these calls, in order of their attempts. */
export async function findCallLegs(
  database: Queryable,
  callSids: readonly string[],
): Promise<ReadonlyMap<string, readonly CallLegRow[]>> {
  if (callSids.length === 0) return new Map();
  const rows = await database.query<CallLegRow>(
    `select call_sid, gateway, leg from call_legs where call_sid = any($1::text[])
     order by call_sid, attempt_index, setup_at, gateway`,
    [callSids],
  );
  return Map.groupBy(rows, (row) => row.call_sid);
}
