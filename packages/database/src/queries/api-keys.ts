import type { Queryable } from "../database.ts";
import { insertStatement, updateStatement } from "./assignments.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";
import { countOf, onlyRow } from "./result-rows.ts";

export interface ApiKeyRow {
  readonly sid: string;
  readonly sequence: number;
  readonly account_sid: string;
  readonly friendly_name: string;
  readonly date_created: Date;
  readonly date_updated: Date;
}

const columns = "sid, sequence, account_sid, friendly_name, date_created, date_updated";

export async function findApiKey(
  database: Queryable,
  accountSid: string,
  sid: string,
): Promise<ApiKeyRow | undefined> {
  const rows = await database.query<ApiKeyRow>(
    `select ${columns} from api_keys where account_sid = $1 and sid = $2`,
    [accountSid, sid],
  );
  return rows[0];
}

export function listApiKeys(
  database: Queryable,
  accountSid: string,
  window: PageWindow,
): Promise<Page<ApiKeyRow>> {
  return selectPage<ApiKeyRow>(
    database,
    {
      select: `select ${columns} from api_keys`,
      where: "account_sid = $1",
      parameters: [accountSid],
      sequence: "sequence",
    },
    window,
  );
}

export async function countApiKeys(database: Queryable, accountSid: string): Promise<number> {
  return countOf(
    await database.query("select count(*)::int as count from api_keys where account_sid = $1", [accountSid]),
  );
}

export interface NewApiKey {
  readonly sid: string;
  readonly account_sid: string;
  readonly friendly_name: string;
  readonly secret_hash: string;
}

export async function insertApiKey(database: Queryable, key: NewApiKey): Promise<ApiKeyRow> {
  const { text, values } = insertStatement("api_keys", key);
  return onlyRow(await database.query<ApiKeyRow>(`${text} returning ${columns}`, values));
}

export async function renameApiKey(database: Queryable, sid: string, friendlyName: string): Promise<void> {
  const { text, values } = updateStatement("api_keys", sid, { friendly_name: friendlyName });
  await database.query(text, values);
}

/** False: there is none. */
export async function deleteApiKey(database: Queryable, accountSid: string, sid: string): Promise<boolean> {
  const rows = await database.query(
    "delete from api_keys where account_sid = $1 and sid = $2 returning sid",
    [accountSid, sid],
  );
  return rows.length > 0;
}
