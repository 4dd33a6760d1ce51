import type { ConnectionStatus, ConnectionType } from "@tandem/contracts";
import type { Queryable } from "../database.ts";
import { type ColumnValues, insertStatement, updateStatement } from "./assignments.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";
import { countOf, onlyRow } from "./result-rows.ts";

/** A private line without its secrets. Addresses are texts without a prefix, routes are CIDR texts. */
export interface ConnectionRow {
  readonly sid: string;
  readonly sequence: number;
  readonly account_sid: string;
  readonly friendly_name: string;
  readonly type: ConnectionType;
  readonly edge: string;
  /** Exchange of the edge; null: none is known. */
  readonly exchange_sid: string | null;
  readonly bandwidth_mbps: number;
  readonly status: ConnectionStatus;
  /** Where a connection in transition goes; null in every other status. */
  readonly target: "active" | "inactive" | null;
  /** Snapshot version that gateways must have applied; null: nothing is waited for. */
  readonly awaited_snapshot_version: number | null;
  readonly fallback: "none" | "public";
  readonly allow_private_addresses: boolean;
  readonly device: string;
  readonly next_hop: string | null;
  readonly vpn_gateway_address: string | null;
  readonly mpls_carrier_sid: string | null;
  readonly line_number: number;
  readonly customer_asn: number | null;
  readonly exchange_asn: number | null;
  readonly customer_peer_address: string | null;
  readonly exchange_peer_address: string | null;
  readonly expires_at: Date | null;
  readonly date_created: Date;
  readonly date_updated: Date;
  readonly ip_routes: readonly string[];
  readonly shared_account_sids: readonly string[];
  readonly owner_status: "active" | "suspended" | "closed";
  readonly owner_parent_sid: string | null;
}

/** Columns that are written; secrets are sealed. */
export type ConnectionValues = ColumnValues<
  Omit<
    ConnectionRow,
    | "sid"
    | "sequence"
    | "exchange_sid"
    | "date_created"
    | "date_updated"
    | "ip_routes"
    | "shared_account_sids"
    | "owner_status"
    | "owner_parent_sid"
  > & {
    readonly bgp_password_encrypted: Uint8Array | null;
    readonly pre_shared_key_encrypted: Uint8Array | null;
  }
>;

const select = `select c.sid, c.sequence, c.account_sid, c.friendly_name, c.type, c.edge, (select exchange_sid from edges where name = c.edge) as exchange_sid,
    c.bandwidth_mbps, c.status, c.target, c.awaited_snapshot_version, c.fallback, c.allow_private_addresses, c.device, host(c.next_hop) as next_hop,
    host(c.vpn_gateway_address) as vpn_gateway_address, c.mpls_carrier_sid, c.line_number, c.customer_asn,
    c.exchange_asn, host(c.customer_peer_address) as customer_peer_address,
    host(c.exchange_peer_address) as exchange_peer_address, c.expires_at, c.date_created, c.date_updated,
    (select coalesce(jsonb_agg(route.network::text order by route.sequence), '[]') from connection_routes route
      where route.connection_sid = c.sid) as ip_routes,
    (select coalesce(jsonb_agg(share.account_sid order by share.sequence), '[]') from connection_shares share
      where share.connection_sid = c.sid) as shared_account_sids,
    owner.status as owner_status, owner.parent_account_sid as owner_parent_sid
  from connections c join accounts owner on owner.sid = c.account_sid`;

export interface ConnectionFilters {
  /** Lines of this account and lines that it may use; undefined: all. */
  readonly accountSid?: string | undefined;
  readonly edge?: string | undefined;
  readonly status?: ConnectionStatus | undefined;
}

export function listConnections(
  database: Queryable,
  filters: ConnectionFilters,
  window: PageWindow,
): Promise<Page<ConnectionRow>> {
  const where = `($1::text is null or c.account_sid = $1 or exists (
      select from connection_shares share where share.connection_sid = c.sid and share.account_sid = $1))
    and ($2::text is null or c.edge = $2) and ($3::text is null or c.status = $3)`;
  const parameters = [filters.accountSid ?? null, filters.edge ?? null, filters.status ?? null];
  return selectPage<ConnectionRow>(database, { select, where, parameters, sequence: "c.sequence" }, window);
}

export async function findConnection(database: Queryable, sid: string): Promise<ConnectionRow | undefined> {
  return (await database.query<ConnectionRow>(`${select} where c.sid = $1`, [sid]))[0];
}

/** As `findConnection`, and nobody else changes the line until the transaction ends. */
export async function lockConnection(
  transaction: Queryable,
  sid: string,
): Promise<ConnectionRow | undefined> {
  const rows = await transaction.query("select 1 from connections where sid = $1 for no key update", [sid]);
  return rows.length === 0 ? undefined : findConnection(transaction, sid);
}

/** As `lockConnection`, but undefined, too, when somebody else is changing the line now. */
export async function lockConnectionIfFree(
  transaction: Queryable,
  sid: string,
): Promise<ConnectionRow | undefined> {
  const sql = "select 1 from connections where sid = $1 for no key update skip locked";
  const rows = await transaction.query(sql, [sid]);
  return rows.length === 0 ? undefined : findConnection(transaction, sid);
}

/** As `findConnection`, and the line's state stays as it is until the transaction ends. */
export async function holdConnection(
  transaction: Queryable,
  sid: string,
): Promise<ConnectionRow | undefined> {
  const rows = await transaction.query("select 1 from connections where sid = $1 for share", [sid]);
  return rows.length === 0 ? undefined : findConnection(transaction, sid);
}

export async function countConnections(database: Queryable, accountSid: string): Promise<number> {
  const sql = "select count(*)::int as count from connections where account_sid = $1";
  return countOf(await database.query(sql, [accountSid]));
}

/** Any number, the same in every program of ours. */
const allotmentLock = 7_462_811;

/**
 * One at a time: whoever allots a line's number or writes routes, so that neither is given twice. Take it before any
 * row is locked.
 */
export async function lockConnectionAllotment(transaction: Queryable): Promise<void> {
  await transaction.query("select pg_advisory_xact_lock($1)", [allotmentLock]);
}

/** The smallest line number that no connection has, from 1. Call it with the allotment locked. */
export async function smallestFreeLineNumber(transaction: Queryable): Promise<number> {
  const rows = await transaction.query<{ free: number }>(
    `select min(number)::int as free
     from (select 1 as number union all select line_number + 1 from connections) as next
     where not exists (select from connections where line_number = number)`,
  );
  return onlyRow(rows).free;
}

/** The greatest number in use; 0: there are no lines. */
export async function greatestLineNumber(database: Queryable): Promise<number> {
  const sql = "select coalesce(max(line_number), 0)::int as greatest from connections";
  return onlyRow(await database.query<{ greatest: number }>(sql)).greatest;
}

/** Violates `connections_device` when another line of the edge has the device, `connections_edge` without such an edge. */
export async function insertConnection(
  transaction: Queryable,
  identity: { readonly sid: string; readonly account_sid: string },
  values: ConnectionValues,
): Promise<void> {
  const statement = insertStatement("connections", { ...identity, ...values });
  await transaction.query(statement.text, statement.values);
}

export async function updateConnection(
  transaction: Queryable,
  sid: string,
  changes: ConnectionValues,
): Promise<void> {
  const statement = updateStatement("connections", sid, changes);
  await transaction.query(statement.text, statement.values);
}

/** With its routes, shares and history. A list that names the line violates `ip_access_control_lists_connection`. */
export async function deleteConnection(transaction: Queryable, sid: string): Promise<void> {
  await transaction.query("delete from connections where sid = $1", [sid]);
}

/** What control has to look after: lines between two states, and those whose time is up. */
export async function findUnsettledConnections(
  database: Queryable,
  nowMs: number,
): Promise<readonly string[]> {
  const rows = await database.query<{ sid: string }>(
    `select sid from connections where status in ('in-transition', 'pending-deletion')
     union
     select sid from connections where expires_at <= to_timestamp($1 / 1000.0)
       and status not in ('expired', 'pending-deletion')`,
    [nowMs],
  );
  return rows.map((row) => row.sid);
}

/** Sealed; null: it has none. */
export interface ConnectionSecretsRow {
  readonly bgp_password_encrypted: Uint8Array | null;
  readonly pre_shared_key_encrypted: Uint8Array | null;
}

export async function findConnectionSecrets(
  database: Queryable,
  sid: string,
): Promise<ConnectionSecretsRow | undefined> {
  const sql = "select bgp_password_encrypted, pre_shared_key_encrypted from connections where sid = $1";
  return (await database.query<ConnectionSecretsRow>(sql, [sid]))[0];
}

/** Whether an access control list names the line; of that account, if one is given. */
export async function isNamedByAccessControlList(
  database: Queryable,
  sid: string,
  accountSid?: string,
): Promise<boolean> {
  const rows = await database.query(
    `select 1 from ip_access_control_lists
     where connection_sid = $1 and ($2::text is null or account_sid = $2) limit 1`,
    [sid, accountSid ?? null],
  );
  return rows.length > 0;
}
