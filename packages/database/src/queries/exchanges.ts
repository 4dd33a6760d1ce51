import { createHash } from "node:crypto";
import type { Queryable } from "../database.ts";
import { type ColumnValues, insertStatement } from "./assignments.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";
import { onlyRow } from "./result-rows.ts";

export interface ExchangeRow {
  readonly sid: string;
  readonly sequence: number;
  readonly name: string;
  readonly place: string;
  readonly source: "reference" | "public-docs" | "operator";
  readonly data_center: string;
  /** `maximum_length` null: the prefix itself. */
  readonly bgp_prefixes: readonly { readonly prefix: string; readonly maximum_length: number | null }[];
  readonly encryption_domain: readonly string[];
  readonly bandwidth_mbps: readonly number[];
  readonly details_source: "reference" | "public-docs" | "operator";
  readonly managed_by: "file" | "api";
  /** Names of its edges, in their order. */
  readonly edges: readonly string[];
  readonly date_created: Date;
  readonly date_updated: Date;
}

export type ExchangeValues = ColumnValues<
  Omit<ExchangeRow, "sid" | "sequence" | "name" | "managed_by" | "edges" | "date_created" | "date_updated">
>;

const select = `select exchanges.*, array(
    select name from edges where edges.exchange_sid = exchanges.sid order by edges.sequence) as edges
  from exchanges`;

/** `IX` and 32 hex digits that only the name decides, so that links to it survive a new installation. */
export function exchangeSid(name: string): string {
  return `IX${createHash("sha256").update(`exchange ${name}`).digest("hex").slice(0, 32)}`;
}

export function listExchanges(database: Queryable, window: PageWindow): Promise<Page<ExchangeRow>> {
  const list = { select, where: "true", parameters: [], sequence: "exchanges.sequence" };
  return selectPage<ExchangeRow>(database, list, window);
}

/** By SID or by name. */
export async function findExchange(database: Queryable, key: string): Promise<ExchangeRow | undefined> {
  return (
    await database.query<ExchangeRow>(`${select} where exchanges.sid = $1 or exchanges.name = $1`, [key])
  )[0];
}

/** Violates `exchanges_pkey` or `exchanges_name` when the name is taken. */
export async function insertExchange(
  database: Queryable,
  name: string,
  values: ExchangeValues,
): Promise<ExchangeRow> {
  const { text, values: parameters } = insertStatement("exchanges", {
    sid: exchangeSid(name),
    name,
    ...asJson(values),
  });
  await database.query(text, parameters);
  return onlyRow(await database.query<ExchangeRow>(`${select} where exchanges.name = $1`, [name]));
}

/** From now on the topology file leaves it alone. */
export async function updateExchange(
  database: Queryable,
  sid: string,
  values: ExchangeValues,
): Promise<ExchangeRow | undefined> {
  const given = Object.entries(asJson(values)).filter(([, value]) => value !== undefined);
  const sets = given.map(([column], index) => `${column} = $${index + 2}, `);
  await database.query(
    `update exchanges set ${sets.join("")}managed_by = 'api', date_updated = now() where sid = $1`,
    [sid, ...given.map(([, value]) => value)],
  );
  return findExchange(database, sid);
}

/** Violates `edges_exchange` while an edge stands there. False: there is none. */
export async function deleteExchange(database: Queryable, sid: string): Promise<boolean> {
  return (await database.query("delete from exchanges where sid = $1 returning sid", [sid])).length > 0;
}

/** Makes the row follow the topology file; true when that changed it. One that the API manages stays as it is. */
export async function followExchange(
  transaction: Queryable,
  exchange: Required<ExchangeValues> & { readonly name: string },
): Promise<boolean> {
  const { name, ...values } = exchange;
  const columns = asJson(values);
  const names = Object.keys(columns);
  const { text, values: parameters } = insertStatement("exchanges", {
    sid: exchangeSid(name),
    name,
    managed_by: "file",
    ...columns,
  });
  const rows = await transaction.query(
    `${text} on conflict (sid) do update
       set ${names.map((column) => `${column} = excluded.${column}`).join(", ")}, date_updated = now()
     where exchanges.managed_by = 'file'
       and (${names.map((column) => `exchanges.${column}`).join(", ")})
         is distinct from (${names.map((column) => `excluded.${column}`).join(", ")})
     returning sid`,
    parameters,
  );
  return rows.length > 0;
}

/** Lists go into jsonb columns as text. */
function asJson(values: ExchangeValues): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([column, value]) => [
      column,
      Array.isArray(value) ? JSON.stringify(value) : value,
    ]),
  );
}
