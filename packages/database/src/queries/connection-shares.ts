import type { Queryable } from "../database.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";
import { countOf } from "./result-rows.ts";

/** A subaccount that may use its owner's line. */
export interface ConnectionShareRow {
  readonly connection_sid: string;
  readonly account_sid: string;
  readonly sequence: number;
  readonly date_created: Date;
}

const select = "select connection_sid, account_sid, sequence, date_created from connection_shares";

export function listConnectionShares(
  database: Queryable,
  connectionSid: string,
  window: PageWindow,
): Promise<Page<ConnectionShareRow>> {
  const list = { select, where: "connection_sid = $1", parameters: [connectionSid], sequence: "sequence" };
  return selectPage<ConnectionShareRow>(database, list, window);
}

export async function findConnectionShare(
  database: Queryable,
  connectionSid: string,
  accountSid: string,
): Promise<ConnectionShareRow | undefined> {
  const sql = `${select} where connection_sid = $1 and account_sid = $2`;
  return (await database.query<ConnectionShareRow>(sql, [connectionSid, accountSid]))[0];
}

export async function countConnectionShares(database: Queryable, connectionSid: string): Promise<number> {
  const sql = "select count(*)::int as count from connection_shares where connection_sid = $1";
  return countOf(await database.query(sql, [connectionSid]));
}

/** Violates `connection_shares_once` when the account has the share already. */
export async function insertConnectionShare(
  transaction: Queryable,
  connectionSid: string,
  accountSid: string,
): Promise<void> {
  await transaction.query("insert into connection_shares (connection_sid, account_sid) values ($1, $2)", [
    connectionSid,
    accountSid,
  ]);
}

/** False: the account has no share. */
export async function deleteConnectionShare(
  transaction: Queryable,
  connectionSid: string,
  accountSid: string,
): Promise<boolean> {
  const rows = await transaction.query(
    "delete from connection_shares where connection_sid = $1 and account_sid = $2 returning account_sid",
    [connectionSid, accountSid],
  );
  return rows.length > 0;
}
