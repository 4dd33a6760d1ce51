import type { Queryable } from "../database.ts";
import { type ColumnValues, insertStatement } from "./assignments.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";
import { onlyRow } from "./result-rows.ts";

export interface EdgeRow {
  readonly name: string;
  readonly sequence: number;
  readonly legacy_id: string;
  readonly region: string;
  readonly kind: "private" | "public";
  readonly place: string;
  /** Addresses and networks (CIDR texts). */
  readonly signaling_addresses: readonly string[];
  /** Bandwidths in Mb/s that a private line into it may have: those of its exchange. */
  readonly bandwidths_mbps: readonly number[];
  /** Who says so: a document of the reference system, or the operator. */
  readonly source: "reference" | "public-docs" | "operator";
  readonly exchange_sid: string | null;
  readonly exchange: string | null;
  /** Null: that transport is not served. */
  readonly udp_port: number | null;
  readonly tcp_port: number | null;
  readonly tls_port: number | null;
  readonly managed_by: "file" | "api";
  readonly date_created: Date;
  readonly date_updated: Date;
}

export type EdgeValues = ColumnValues<
  Omit<
    EdgeRow,
    "name" | "sequence" | "exchange" | "bandwidths_mbps" | "managed_by" | "date_created" | "date_updated"
  >
>;
/** What every edge has from the beginning. */
export type NewEdge = EdgeValues & Pick<EdgeRow, "name" | "legacy_id" | "region" | "kind">;

const select = `select edges.*, exchanges.name as exchange,
    coalesce(nullif(exchanges.bandwidth_mbps, '[]'::jsonb), '[10, 100, 500, 1000]'::jsonb) as bandwidths_mbps
  from edges left join exchanges on exchanges.sid = edges.exchange_sid`;

export function listEdges(database: Queryable, window: PageWindow): Promise<Page<EdgeRow>> {
  return selectPage<EdgeRow>(
    database,
    { select, where: "true", parameters: [], sequence: "edges.sequence" },
    window,
  );
}

export async function findEdge(database: Queryable, name: string): Promise<EdgeRow | undefined> {
  return (await database.query<EdgeRow>(`${select} where edges.name = $1`, [name]))[0];
}

/** The edge with that name or legacy id. */
export async function findEdgeByEitherName(database: Queryable, name: string): Promise<EdgeRow | undefined> {
  const sql = `${select} where edges.name = $1 or edges.legacy_id = $1 order by (edges.name = $1) desc limit 1`;
  return (await database.query<EdgeRow>(sql, [name]))[0];
}

/**
 * Also makes the region, without anything to fall back to, when there is none of that name. Violates `edges_pkey` or
 * `edges_legacy_id_key` when the name or the legacy id is taken, `edges_exchange` without such an exchange.
 */
export async function insertEdge(database: Queryable, edge: NewEdge): Promise<EdgeRow> {
  await ensureRegion(database, edge.region);
  const { text, values } = insertStatement("edges", asJson(edge));
  await database.query(text, values);
  return onlyRow(await database.query<EdgeRow>(`${select} where edges.name = $1`, [edge.name]));
}

/** From now on the topology file leaves it alone. Violates what an insert does. */
export async function updateEdge(
  database: Queryable,
  name: string,
  changes: EdgeValues,
): Promise<EdgeRow | undefined> {
  if (changes.region !== undefined) await ensureRegion(database, changes.region);
  const given = Object.entries(asJson(changes)).filter(([, value]) => value !== undefined);
  const sets = given.map(([column], index) => `${column} = $${index + 2}, `);
  await database.query(
    `update edges set ${sets.join("")}managed_by = 'api', date_updated = now() where name = $1`,
    [name, ...given.map(([, value]) => value)],
  );
  return findEdge(database, name);
}

/** With its media row. A foreign key is violated while something stands on it. False: there is none. */
export async function deleteEdge(database: Queryable, name: string): Promise<boolean> {
  const rows = await database.query("delete from edges where name = $1 returning name", [name]);
  if (rows.length > 0) await database.query("delete from media_ranges where edge = $1", [name]);
  return rows.length > 0;
}

/** Makes the row follow the topology file; true when that changed it. One that the API manages stays as it is. */
export async function followEdge(
  transaction: Queryable,
  edge: NewEdge & Required<EdgeValues>,
): Promise<boolean> {
  const { name, ...values } = asJson(edge);
  const names = Object.keys(values);
  const { text, values: parameters } = insertStatement("edges", { name, ...values, managed_by: "file" });
  const rows = await transaction.query(
    `${text} on conflict (name) do update
       set ${names.map((column) => `${column} = excluded.${column}`).join(", ")}, date_updated = now()
     where edges.managed_by = 'file'
       and (${names.map((column) => `edges.${column}`).join(", ")})
         is distinct from (${names.map((column) => `excluded.${column}`).join(", ")})
     returning name`,
    parameters,
  );
  return rows.length > 0;
}

async function ensureRegion(database: Queryable, name: string): Promise<void> {
  await database.query("insert into regions (name) values ($1) on conflict do nothing", [name]);
}

/** The list of addresses goes into a jsonb column as text. */
function asJson(edge: EdgeValues): Record<string, unknown> {
  const { signaling_addresses: addresses } = edge;
  return { ...edge, signaling_addresses: addresses === undefined ? undefined : JSON.stringify(addresses) };
}
