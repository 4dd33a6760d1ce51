/** Stores what gateways report. A row that is there already stays as it is: entries are delivered at least once. */
import type { Alert, CallRecord } from "@tandem/contracts";
import type { Queryable } from "../database.ts";

// One statement: attempts go in only with the call they belong to, never beside an earlier record of the same SID.
const calls = `
  with stored as (
    insert into calls (sid, account_sid, trunk_sid, phone_number_sid, parent_call_sid, carrier_sid, direction, status, calling_number,
      called_number, gateway, edge, ingress_sip_call_id, egress_sip_call_id, status_code, reason_code, start_time,
      answer_time, end_time, duration_seconds, mos, one_way_audio, events_from_caller, events_from_callee,
      record)
    select r->>'sid', r->>'accountSid', r->>'trunkSid', r->>'phoneNumberSid', r->>'parentCallSid', r->>'carrierSid',
      r->>'direction',
      r->>'status', r->>'callingNumber', r->>'calledNumber', $2, r->>'edge', r->>'ingressSipCallId',
      r->>'egressSipCallId', (r->>'statusCode')::integer, (r->'reason'->>'code')::integer,
      to_timestamp((r->>'setupAtMs')::float8 / 1000), to_timestamp((r->>'answeredAtMs')::float8 / 1000),
      to_timestamp((r->>'releasedAtMs')::float8 / 1000),
      coalesce(ceil(greatest((r->>'releasedAtMs')::float8 - (r->>'answeredAtMs')::float8, 0) / 1000), 0)::integer,
      least((r#>>'{media,fromIngress,quality,mosMean}')::numeric, (r#>>'{media,fromEgress,quality,mosMean}')::numeric),
      r#>>'{media,oneWayAudio,silentSide}', (r#>>'{media,fromIngress,events}')::integer,
      (r#>>'{media,fromEgress,events}')::integer, r
    from jsonb_array_elements($1::jsonb) with ordinality as given (r, place)
    order by place
    on conflict (sid) do nothing
    returning sid, record),
  tried as (
  insert into call_attempts (call_sid, index, candidate_sid, carrier_sid, url, edge, result, status_code, q850_cause,
    reason_code, started_at, ended_at, attempt)
  select sid, (a->>'index')::integer, a->>'candidateSid', a->>'carrierSid', a->>'url', a->>'edge',
    a->>'result', (a->>'statusCode')::integer, (a->>'q850Cause')::integer, (a->'reason'->>'code')::integer,
    to_timestamp((a->>'startedAtMs')::float8 / 1000), to_timestamp((a->>'endedAtMs')::float8 / 1000), a
  from stored, jsonb_array_elements(record->'attempts') as attempt (a)
  on conflict (call_sid, index) do nothing)
  select sid from stored`;

const alerts = `
  insert into alerts (sid, account_sid, trunk_sid, call_sid, gateway, code, level, alert_text, date_generated)
  select a->>'sid', a->>'accountSid', a->>'trunkSid', a->>'callSid', $2, (a->>'code')::integer, a->>'level',
    a->>'text', to_timestamp((a->>'atMs')::float8 / 1000)
  from jsonb_array_elements($1::jsonb) with ordinality as given (a, place)
  order by place
  on conflict (sid) do nothing
  returning code`;

/** In the order given; `gateway` is the authenticated sender's name, whatever the record says. Returns how many are new. */
export async function insertCallRecords(
  transaction: Queryable,
  gateway: string,
  records: readonly CallRecord[],
): Promise<number> {
  if (records.length === 0) return 0;
  return (await transaction.query(calls, [JSON.stringify(records), gateway])).length;
}

/** Returns the codes of those that are new. */
export async function insertAlerts(
  transaction: Queryable,
  gateway: string,
  given: readonly Alert[],
): Promise<readonly number[]> {
  if (given.length === 0) return [];
  const rows = await transaction.query<{ code: number }>(alerts, [JSON.stringify(given), gateway]);
  return rows.map(({ code }) => code);
}

export interface QuarantinedEntry {
  readonly gateway: string;
  readonly entrySequence: number;
  /** SHA-256 of the text in hex. */
  readonly digest: string;
  /** The entry as JSON text. */
  readonly entry: string;
  readonly error: string;
}

/** Keeps an entry that cannot be stored; once, however often it is delivered. */
export async function insertQuarantinedEntry(transaction: Queryable, row: QuarantinedEntry): Promise<void> {
  await transaction.query(
    `insert into quarantined_entries (gateway, entry_sequence, digest, entry, error)
     values ($1, $2, $3, $4, $5) on conflict (gateway, digest) do nothing`,
    [row.gateway, row.entrySequence, row.digest, row.entry, row.error],
  );
}
