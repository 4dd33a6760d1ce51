import type { Queryable } from "../database.ts";
import { type ColumnValues, insertStatement, updateStatement } from "./assignments.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";
import { countOf, onlyRow } from "./result-rows.ts";

export interface OriginationUrlRow {
  readonly sid: string;
  readonly sequence: number;
  readonly trunk_sid: string;
  readonly friendly_name: string;
  readonly sip_url: string;
  readonly priority: number;
  readonly weight: number;
  readonly enabled: boolean;
  readonly date_created: Date;
  readonly date_updated: Date;
}

export type OriginationUrlValues = Pick<
  OriginationUrlRow,
  "friendly_name" | "sip_url" | "priority" | "weight" | "enabled"
>;

export async function findOriginationUrl(
  database: Queryable,
  trunkSid: string,
  sid: string,
): Promise<OriginationUrlRow | undefined> {
  const rows = await database.query<OriginationUrlRow>(
    "select * from origination_urls where trunk_sid = $1 and sid = $2",
    [trunkSid, sid],
  );
  return rows[0];
}

export function listOriginationUrls(
  database: Queryable,
  trunkSid: string,
  window: PageWindow,
): Promise<Page<OriginationUrlRow>> {
  return selectPage<OriginationUrlRow>(
    database,
    {
      select: "select * from origination_urls",
      where: "trunk_sid = $1",
      parameters: [trunkSid],
      sequence: "sequence",
    },
    window,
  );
}

export async function countOriginationUrls(database: Queryable, trunkSid: string): Promise<number> {
  return countOf(
    await database.query("select count(*)::int as count from origination_urls where trunk_sid = $1", [
      trunkSid,
    ]),
  );
}

export async function insertOriginationUrl(
  database: Queryable,
  identity: { readonly sid: string; readonly trunk_sid: string },
  url: OriginationUrlValues,
): Promise<OriginationUrlRow> {
  const { text, values } = insertStatement("origination_urls", { ...identity, ...url });
  return onlyRow(await database.query<OriginationUrlRow>(`${text} returning *`, values));
}

export async function updateOriginationUrl(
  database: Queryable,
  sid: string,
  changes: ColumnValues<OriginationUrlValues>,
): Promise<OriginationUrlRow | undefined> {
  const { text, values } = updateStatement("origination_urls", sid, changes);
  return (await database.query<OriginationUrlRow>(`${text} returning *`, values))[0];
}

/** False: the trunk has none with that SID. */
export async function deleteOriginationUrl(
  database: Queryable,
  trunkSid: string,
  sid: string,
): Promise<boolean> {
  const rows = await database.query(
    "delete from origination_urls where trunk_sid = $1 and sid = $2 returning sid",
    [trunkSid, sid],
  );
  return rows.length > 0;
}

/** Whether an edge has that name or legacy id. */
export async function edgeExists(database: Queryable, name: string): Promise<boolean> {
  const rows = await database.query("select 1 from edges where $1 in (name, legacy_id) limit 1", [
    name.toLowerCase(),
  ]);
  return rows.length > 0;
}
