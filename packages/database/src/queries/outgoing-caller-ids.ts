import type { Queryable } from "../database.ts";
import { insertStatement } from "./assignments.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";
import { countOf, onlyRow } from "./result-rows.ts";

/** A number of somebody else that the account may show when it calls. */
export interface OutgoingCallerIdRow {
  readonly sid: string;
  readonly sequence: number;
  readonly account_sid: string;
  /** E.164 with the plus sign. */
  readonly phone_number: string;
  readonly friendly_name: string;
  readonly date_created: Date;
  readonly date_updated: Date;
}

export interface CallerIdFilters {
  readonly phoneNumber?: string | undefined;
  readonly friendlyName?: string | undefined;
}

const select = "select * from outgoing_caller_ids";

export async function findOutgoingCallerId(
  database: Queryable,
  accountSid: string,
  sid: string,
): Promise<OutgoingCallerIdRow | undefined> {
  const rows = await database.query<OutgoingCallerIdRow>(`${select} where account_sid = $1 and sid = $2`, [
    accountSid,
    sid,
  ]);
  return rows[0];
}

export function listOutgoingCallerIds(
  database: Queryable,
  accountSid: string,
  { phoneNumber, friendlyName }: CallerIdFilters,
  window: PageWindow,
): Promise<Page<OutgoingCallerIdRow>> {
  return selectPage<OutgoingCallerIdRow>(
    database,
    {
      select,
      where: `account_sid = $1 and ($2::text is null or phone_number = $2)
        and ($3::text is null or friendly_name = $3)`,
      parameters: [accountSid, phoneNumber ?? null, friendlyName ?? null],
      sequence: "sequence",
    },
    window,
  );
}

export async function countOutgoingCallerIds(database: Queryable, accountSid: string): Promise<number> {
  return countOf(
    await database.query("select count(*)::int as count from outgoing_caller_ids where account_sid = $1", [
      accountSid,
    ]),
  );
}

/** A number that the account has already violates `outgoing_caller_ids_once`. */
export async function insertOutgoingCallerId(
  database: Queryable,
  row: Pick<OutgoingCallerIdRow, "sid" | "account_sid" | "phone_number" | "friendly_name">,
): Promise<OutgoingCallerIdRow> {
  const { text, values } = insertStatement("outgoing_caller_ids", row);
  return onlyRow(await database.query<OutgoingCallerIdRow>(`${text} returning *`, values));
}

/** Undefined: the account has none with that SID. */
export async function renameOutgoingCallerId(
  database: Queryable,
  accountSid: string,
  sid: string,
  friendlyName: string,
): Promise<OutgoingCallerIdRow | undefined> {
  const rows = await database.query<OutgoingCallerIdRow>(
    `update outgoing_caller_ids set friendly_name = $3, date_updated = now()
      where account_sid = $1 and sid = $2 returning *`,
    [accountSid, sid, friendlyName],
  );
  return rows[0];
}

/** False: the account has none with that SID. */
export async function deleteOutgoingCallerId(
  database: Queryable,
  accountSid: string,
  sid: string,
): Promise<boolean> {
  const rows = await database.query(
    "delete from outgoing_caller_ids where account_sid = $1 and sid = $2 returning sid",
    [accountSid, sid],
  );
  return rows.length > 0;
}
