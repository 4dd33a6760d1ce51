import type { HeaderRules } from "@tandem/contracts";
import type { Queryable } from "../database.ts";
import { type ColumnValues, insertStatement, updateStatement } from "./assignments.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";
import { countOf } from "./result-rows.ts";

export interface HeaderPolicyRow {
  readonly sid: string;
  readonly sequence: number;
  readonly account_sid: string;
  readonly friendly_name: string;
  readonly rules: HeaderRules;
  readonly date_created: Date;
  readonly date_updated: Date;
}

export type HeaderPolicyValues = ColumnValues<Pick<HeaderPolicyRow, "friendly_name" | "rules">>;

const select = "select * from header_policies";

export async function findHeaderPolicy(
  database: Queryable,
  accountSid: string,
  sid: string,
): Promise<HeaderPolicyRow | undefined> {
  const rows = await database.query<HeaderPolicyRow>(`${select} where account_sid = $1 and sid = $2`, [
    accountSid,
    sid,
  ]);
  return rows[0];
}

export function listHeaderPolicies(
  database: Queryable,
  accountSid: string,
  window: PageWindow,
): Promise<Page<HeaderPolicyRow>> {
  return selectPage<HeaderPolicyRow>(
    database,
    { select, where: "account_sid = $1", parameters: [accountSid], sequence: "sequence" },
    window,
  );
}

export async function countHeaderPolicies(database: Queryable, accountSid: string): Promise<number> {
  return countOf(
    await database.query("select count(*)::int as count from header_policies where account_sid = $1", [
      accountSid,
    ]),
  );
}

export async function insertHeaderPolicy(
  database: Queryable,
  identity: { readonly sid: string; readonly account_sid: string },
  policy: HeaderPolicyValues,
): Promise<void> {
  const { text, values } = insertStatement("header_policies", { ...identity, ...columnsOf(policy) });
  await database.query(text, values);
}

export async function updateHeaderPolicy(
  database: Queryable,
  sid: string,
  changes: HeaderPolicyValues,
): Promise<void> {
  const { text, values } = updateStatement("header_policies", sid, columnsOf(changes));
  await database.query(text, values);
}

/** A list would be passed as an array of PostgreSQL. */
function columnsOf({ friendly_name, rules }: HeaderPolicyValues): object {
  return { friendly_name, rules: rules === undefined ? undefined : JSON.stringify(rules) };
}

/** False: the account has none with that SID. One that a trunk uses is refused with a foreign key violation. */
export async function deleteHeaderPolicy(
  database: Queryable,
  accountSid: string,
  sid: string,
): Promise<boolean> {
  const rows = await database.query(
    "delete from header_policies where account_sid = $1 and sid = $2 returning sid",
    [accountSid, sid],
  );
  return rows.length > 0;
}
