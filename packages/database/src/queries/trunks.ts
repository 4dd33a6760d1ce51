import type { CallerIdPolicy } from "@tandem/contracts";
import type { Queryable } from "../database.ts";
import { type ColumnValues, insertStatement, updateStatement } from "./assignments.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";
import { countOf } from "./result-rows.ts";

export interface TrunkRow {
  readonly sid: string;
  readonly sequence: number;
  readonly account_sid: string;
  readonly friendly_name: string;
  /** What stands before `.pstn.{base domain}`; null: the trunk only takes calls. */
  readonly domain_label: string | null;
  readonly secure: boolean;
  readonly disaster_recovery_url: string | null;
  readonly disaster_recovery_method: "GET" | "POST";
  readonly transfer_mode: "disable-all" | "enable-all" | "sip-only";
  readonly transfer_caller_id: "from-transferee" | "from-transferor";
  readonly cnam_lookup_enabled: boolean;
  readonly recording_mode:
    | "do-not-record"
    | "record-from-ringing"
    | "record-from-answer"
    | "record-from-ringing-dual"
    | "record-from-answer-dual";
  readonly recording_trim: "trim-silence" | "do-not-trim";
  readonly source_policy: "address" | "strict" | "symmetric";
  readonly first_response_seconds: number;
  readonly progress_seconds: number;
  readonly ring_seconds: number;
  /** SIP status code (as text) to verdict. */
  readonly failover_overrides: Readonly<Record<string, "next" | "stop">>;
  readonly maximum_duration_seconds: number;
  readonly media_dscp: number;
  /** Encodings that the customer takes, the preferred first; empty: any. */
  readonly codecs: readonly string[];
  readonly termination_header_policy_sid: string | null;
  readonly origination_header_policy_sid: string | null;
  /** Which numbers it may show. */
  readonly caller_id_policy: CallerIdPolicy;
  readonly calls_per_second: number | null;
  readonly concurrent_calls: number | null;
  /** PEM of those who may have issued the customer's certificate; null: it need not show one. */
  readonly tls_peer_authorities: string | null;
  readonly tls_peer_names: readonly string[];
  readonly has_ip_access_control_list: boolean;
  readonly has_credential_list: boolean;
  readonly date_created: Date;
  readonly date_updated: Date;
}

/** Columns that the API writes. */
export type TrunkValues = ColumnValues<
  Omit<
    TrunkRow,
    | "sid"
    | "sequence"
    | "account_sid"
    | "has_ip_access_control_list"
    | "has_credential_list"
    | "date_created"
    | "date_updated"
  >
>;

const select = `select trunks.*,
  exists (select 1 from trunk_ip_access_control_lists a where a.trunk_sid = trunks.sid) as has_ip_access_control_list,
  exists (select 1 from trunk_credential_lists a where a.trunk_sid = trunks.sid) as has_credential_list
  from trunks`;

export async function findTrunk(
  database: Queryable,
  accountSid: string,
  sid: string,
): Promise<TrunkRow | undefined> {
  const rows = await database.query<TrunkRow>(`${select} where account_sid = $1 and sid = $2`, [
    accountSid,
    sid,
  ]);
  return rows[0];
}

/** Locks the trunk until the end of the transaction; false: the account has none with that SID. */
export async function lockTrunk(database: Queryable, accountSid: string, sid: string): Promise<boolean> {
  const rows = await database.query(
    "select 1 from trunks where account_sid = $1 and sid = $2 for no key update",
    [accountSid, sid],
  );
  return rows.length > 0;
}

export function listTrunks(
  database: Queryable,
  accountSid: string,
  window: PageWindow,
): Promise<Page<TrunkRow>> {
  return selectPage<TrunkRow>(
    database,
    { select, where: "account_sid = $1", parameters: [accountSid], sequence: "trunks.sequence" },
    window,
  );
}

export async function countTrunks(database: Queryable, accountSid: string): Promise<number> {
  return countOf(
    await database.query("select count(*)::int as count from trunks where account_sid = $1", [accountSid]),
  );
}

/** The trunk that has this domain label, and its account. */
export async function findDomainOwner(
  database: Queryable,
  domainLabel: string,
): Promise<{ readonly trunk_sid: string; readonly account_sid: string } | undefined> {
  const rows = await database.query<{ trunk_sid: string; account_sid: string }>(
    "select sid as trunk_sid, account_sid from trunks where domain_label = $1",
    [domainLabel],
  );
  return rows[0];
}

export async function insertTrunk(
  database: Queryable,
  identity: { readonly sid: string; readonly account_sid: string },
  trunk: TrunkValues,
): Promise<void> {
  const { text, values } = insertStatement("trunks", { ...identity, ...trunk });
  await database.query(text, values);
}

export async function updateTrunk(database: Queryable, sid: string, changes: TrunkValues): Promise<void> {
  const { text, values } = updateStatement("trunks", sid, changes);
  await database.query(text, values);
}

/** Its origination URLs and attachments go with it; its numbers stay with the account. */
export async function deleteTrunk(database: Queryable, sid: string): Promise<void> {
  await database.query("delete from trunks where sid = $1", [sid]);
}
