import type { Queryable, Transaction } from "../database.ts";
import type { TimeSpan } from "./calls.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";

/** One field of one row. A secret has null for both values. */
export interface AuditField {
  readonly name: string;
  readonly secret: boolean;
  readonly before: unknown;
  readonly after: unknown;
}

export interface AuditChange {
  /** Name of the table. */
  readonly resource: string;
  /** Name of the resource, where it has no SID. */
  readonly resource_sid: string;
  readonly operation: "insert" | "update" | "delete";
  /** Owners after and before; empty: the row belongs to another one that has an owner. */
  readonly account_sids: readonly string[];
  readonly fields: readonly AuditField[];
}

/** Who asked for what, from where. */
export interface NewAuditEvent {
  readonly sid: string;
  /** The account that the request was about. */
  readonly account_sid: string;
  readonly actor_account_sid: string;
  /** Null: the account's own token was used. */
  readonly actor_key_sid: string | null;
  readonly actor_is_operator: boolean;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** Undefined: the first that the request made. */
  readonly resource_sid: string | undefined;
  /** SIDs and names in the path. */
  readonly path_sids: readonly string[];
  readonly status: number;
  readonly source_address: string;
  readonly event_date: Date;
}

export interface AuditEventRow extends Omit<NewAuditEvent, "path_sids" | "resource_sid"> {
  readonly sequence: number;
  readonly resource_sid: string | null;
  /** In the order in which they were made. */
  readonly changes: readonly AuditChange[];
}

/** From here on, what this transaction changes in the configuration is noted under that event. */
export async function openAuditEvent(transaction: Transaction, sid: string): Promise<void> {
  await transaction.query("select set_config('tandem.audit_event', $1, true)", [sid]);
}

/**
 * Adds the event. It comes after the changes that were noted for it, in the same transaction; without it their
 * transaction cannot be committed.
 */
export async function insertAuditEvent(database: Queryable, event: NewAuditEvent): Promise<void> {
  await database.query(
    `insert into audit_events (sid, account_sids, account_sid, actor_account_sid, actor_key_sid, actor_is_operator,
       operation, method, path, resource_sid, resource_sids, status, source_address, event_date)
     select $1,
       array(select $2::text union select $3::text
         union select unnest(account_sids) from audit_changes where event_sid = $1),
       $2, $3, $4, $5, $6, $7, $8,
       coalesce($9::text, made.resource_sid, ($10::text[])[cardinality($10::text[])]),
       array(select unnest($10::text[]) union select resource_sid from audit_changes where event_sid = $1),
       $11, $12, $13
     from (select min(sequence) as first from audit_changes where event_sid = $1 and operation = 'insert') as found
     left join audit_changes as made on made.sequence = found.first`,
    [
      event.sid,
      event.account_sid,
      event.actor_account_sid,
      event.actor_key_sid,
      event.actor_is_operator,
      event.operation,
      event.method,
      event.path,
      event.resource_sid ?? null,
      event.path_sids,
      event.status,
      event.source_address,
      event.event_date,
    ],
  );
}

/** Whose events: those that concern the account; undefined: everybody's. */
export interface AuditScope {
  readonly accountSid: string | undefined;
}

export interface AuditFilters {
  /** Of the event, of its path, or of anything that it changed. */
  readonly resourceSid?: string | undefined;
  readonly date?: TimeSpan | undefined;
}

const select = `select events.*, coalesce((
    select jsonb_agg(jsonb_build_object('resource', resource, 'resource_sid', resource_sid, 'operation', operation,
      'account_sids', account_sids, 'fields', fields) order by changes.sequence)
    from audit_changes as changes where changes.event_sid = events.sid), '[]') as changes
  from audit_events as events`;
const inScope = "($1::text is null or events.account_sids @> array[$1::text])";

/** Oldest first. */
export function listAuditEvents(
  database: Queryable,
  scope: AuditScope,
  filters: AuditFilters,
  window: PageWindow,
): Promise<Page<AuditEventRow>> {
  const list = {
    select,
    where: `${inScope} and ($2::text is null or events.resource_sids @> array[$2::text])
      and ($3::timestamptz is null or event_date >= $3) and ($4::timestamptz is null or event_date < $4)`,
    parameters: [
      scope.accountSid ?? null,
      filters.resourceSid ?? null,
      filters.date?.from ?? null,
      filters.date?.to ?? null,
    ],
    sequence: "events.sequence",
  };
  return selectPage<AuditEventRow>(database, list, window);
}

export async function findAuditEvent(
  database: Queryable,
  scope: AuditScope,
  sid: string,
): Promise<AuditEventRow | undefined> {
  const rows = await database.query<AuditEventRow>(`${select} where ${inScope} and events.sid = $2`, [
    scope.accountSid ?? null,
    sid,
  ]);
  return rows[0];
}
