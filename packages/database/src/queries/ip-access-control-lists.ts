import type { Queryable } from "../database.ts";
import { accountLists } from "./account-lists.ts";
import { type ColumnValues, insertStatement, updateStatement } from "./assignments.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";
import { countOf } from "./result-rows.ts";

export interface IpAccessControlListRow {
  readonly sid: string;
  readonly sequence: number;
  readonly account_sid: string;
  readonly friendly_name: string;
  /** The addresses count only over this private line; null: over any way. */
  readonly connection_sid: string | null;
  readonly date_created: Date;
  readonly date_updated: Date;
}

export const ipAccessControlLists = accountLists<
  IpAccessControlListRow,
  Pick<IpAccessControlListRow, "friendly_name" | "connection_sid">
>({
  lists: "ip_access_control_lists",
  attachments: "trunk_ip_access_control_lists",
  listSid: "ip_access_control_list_sid",
});

export interface IpAddressRow {
  readonly sid: string;
  readonly sequence: number;
  readonly ip_access_control_list_sid: string;
  readonly friendly_name: string;
  /** As it was given, without a mask. */
  readonly ip_address: string;
  readonly cidr_prefix_length: number;
  readonly date_created: Date;
  readonly date_updated: Date;
}

export type IpAddressValues = Pick<IpAddressRow, "friendly_name" | "ip_address" | "cidr_prefix_length">;

const select = `select sid, sequence, ip_access_control_list_sid, friendly_name, host(ip_address) as ip_address,
  cidr_prefix_length, date_created, date_updated from ip_addresses`;

export async function findIpAddress(
  database: Queryable,
  listSid: string,
  sid: string,
): Promise<IpAddressRow | undefined> {
  const rows = await database.query<IpAddressRow>(
    `${select} where ip_access_control_list_sid = $1 and sid = $2`,
    [listSid, sid],
  );
  return rows[0];
}

export function listIpAddresses(
  database: Queryable,
  listSid: string,
  window: PageWindow,
): Promise<Page<IpAddressRow>> {
  const where = "ip_access_control_list_sid = $1";
  return selectPage<IpAddressRow>(
    database,
    { select, where, parameters: [listSid], sequence: "sequence" },
    window,
  );
}

export async function countIpAddresses(database: Queryable, listSid: string): Promise<number> {
  return countOf(
    await database.query(
      "select count(*)::int as count from ip_addresses where ip_access_control_list_sid = $1",
      [listSid],
    ),
  );
}

/** A name or network that the list has already is refused with a unique violation. */
export async function insertIpAddress(
  database: Queryable,
  identity: { readonly sid: string; readonly ip_access_control_list_sid: string },
  address: IpAddressValues,
): Promise<void> {
  const { text, values } = insertStatement("ip_addresses", { ...identity, ...address });
  await database.query(text, values);
}

export async function updateIpAddress(
  database: Queryable,
  sid: string,
  changes: ColumnValues<IpAddressValues>,
): Promise<void> {
  const { text, values } = updateStatement("ip_addresses", sid, changes);
  await database.query(text, values);
}

/** False: the list has none with that SID. */
export async function deleteIpAddress(database: Queryable, listSid: string, sid: string): Promise<boolean> {
  const rows = await database.query(
    "delete from ip_addresses where ip_access_control_list_sid = $1 and sid = $2 returning sid",
    [listSid, sid],
  );
  return rows.length > 0;
}
