import type { RiskClass } from "@tandem/contracts";
import type { Queryable } from "../database.ts";
import { type ColumnValues, insertStatement, updateStatement } from "./assignments.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";
import { countOf, onlyRow } from "./result-rows.ts";

/** A class of numbers that the operator has set. */
export interface RiskPrefixRow {
  readonly sid: string;
  readonly sequence: number;
  /** `+` and 1 to 15 digits. */
  readonly prefix: string;
  readonly risk: RiskClass;
  readonly friendly_name: string;
  readonly date_created: Date;
  readonly date_updated: Date;
}

export type RiskPrefixValues = Pick<RiskPrefixRow, "prefix" | "risk" | "friendly_name">;

const all = { select: "select * from risk_prefixes", where: "true", parameters: [], sequence: "sequence" };

export function listRiskPrefixes(database: Queryable, window: PageWindow): Promise<Page<RiskPrefixRow>> {
  return selectPage<RiskPrefixRow>(database, all, window);
}

export function allRiskPrefixes(
  database: Queryable,
): Promise<readonly Pick<RiskPrefixRow, "prefix" | "risk">[]> {
  return database.query("select prefix, risk from risk_prefixes order by sequence");
}

export async function findRiskPrefix(database: Queryable, sid: string): Promise<RiskPrefixRow | undefined> {
  return (await database.query<RiskPrefixRow>("select * from risk_prefixes where sid = $1", [sid]))[0];
}

export async function countRiskPrefixes(database: Queryable): Promise<number> {
  return countOf(await database.query("select count(*)::int as count from risk_prefixes"));
}

/** A prefix given twice violates `risk_prefixes_prefix`. */
export async function insertRiskPrefix(
  database: Queryable,
  row: { readonly sid: string } & ColumnValues<RiskPrefixValues>,
): Promise<RiskPrefixRow> {
  const { text, values } = insertStatement("risk_prefixes", row);
  return onlyRow(await database.query<RiskPrefixRow>(`${text} returning *`, values));
}

export async function updateRiskPrefix(
  database: Queryable,
  sid: string,
  changes: ColumnValues<RiskPrefixValues>,
): Promise<RiskPrefixRow | undefined> {
  const { text, values } = updateStatement("risk_prefixes", sid, changes);
  return (await database.query<RiskPrefixRow>(`${text} returning *`, values))[0];
}

export async function deleteRiskPrefix(database: Queryable, sid: string): Promise<boolean> {
  return (await database.query("delete from risk_prefixes where sid = $1 returning sid", [sid])).length > 0;
}
