import type { Queryable } from "../database.ts";
import { type ColumnValues, insertStatement, updateStatement } from "./assignments.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";
import { onlyRow } from "./result-rows.ts";

export interface IncomingPhoneNumberRow {
  readonly sid: string;
  readonly sequence: number;
  readonly account_sid: string;
  /** E.164 with the plus sign. */
  readonly phone_number: string;
  readonly friendly_name: string;
  readonly trunk_sid: string | null;
  readonly voice_receive_mode: "voice" | "fax";
  /** Parameters of the compatible API that are kept and shown only, by their JSON names (`voice_url`). */
  readonly settings: Readonly<Record<string, string | boolean | null>>;
  readonly date_created: Date;
  readonly date_updated: Date;
}

export type IncomingPhoneNumberValues = Pick<
  IncomingPhoneNumberRow,
  "account_sid" | "friendly_name" | "trunk_sid" | "voice_receive_mode" | "settings"
>;

export async function findIncomingPhoneNumber(
  database: Queryable,
  accountSid: string,
  sid: string,
): Promise<IncomingPhoneNumberRow | undefined> {
  const rows = await database.query<IncomingPhoneNumberRow>(
    "select * from incoming_phone_numbers where account_sid = $1 and sid = $2",
    [accountSid, sid],
  );
  return rows[0];
}

/** As `find…`, and locks the number until the end of the transaction. */
export async function lockIncomingPhoneNumber(
  database: Queryable,
  accountSid: string,
  sid: string,
): Promise<IncomingPhoneNumberRow | undefined> {
  const rows = await database.query<IncomingPhoneNumberRow>(
    "select * from incoming_phone_numbers where account_sid = $1 and sid = $2 for no key update",
    [accountSid, sid],
  );
  return rows[0];
}

export interface PhoneNumberFilters {
  readonly friendlyName?: string | undefined;
  /** Pattern of `like` over the number with its plus sign. */
  readonly phoneNumberPattern?: string | undefined;
  readonly trunkSid?: string | undefined;
}

export function listIncomingPhoneNumbers(
  database: Queryable,
  accountSid: string,
  filters: PhoneNumberFilters,
  window: PageWindow,
): Promise<Page<IncomingPhoneNumberRow>> {
  return selectPage<IncomingPhoneNumberRow>(
    database,
    {
      select: "select * from incoming_phone_numbers",
      where: `account_sid = $1 and ($2::text is null or friendly_name = $2)
        and ($3::text is null or phone_number like $3) and ($4::text is null or trunk_sid = $4)`,
      parameters: [
        accountSid,
        filters.friendlyName ?? null,
        filters.phoneNumberPattern ?? null,
        filters.trunkSid ?? null,
      ],
      sequence: "sequence",
    },
    window,
  );
}

/** A number that exists already, in whatever account, is refused with a unique violation. */
export async function insertIncomingPhoneNumber(
  database: Queryable,
  identity: { readonly sid: string; readonly phone_number: string },
  number: IncomingPhoneNumberValues,
): Promise<IncomingPhoneNumberRow> {
  const { text, values } = insertStatement("incoming_phone_numbers", { ...identity, ...number });
  return onlyRow(await database.query<IncomingPhoneNumberRow>(`${text} returning *`, values));
}

export async function updateIncomingPhoneNumber(
  database: Queryable,
  sid: string,
  changes: ColumnValues<IncomingPhoneNumberValues>,
): Promise<IncomingPhoneNumberRow> {
  const { text, values } = updateStatement("incoming_phone_numbers", sid, changes);
  return onlyRow(await database.query<IncomingPhoneNumberRow>(`${text} returning *`, values));
}

/** False: the account has none with that SID. */
export async function deleteIncomingPhoneNumber(
  database: Queryable,
  accountSid: string,
  sid: string,
): Promise<boolean> {
  const rows = await database.query(
    "delete from incoming_phone_numbers where account_sid = $1 and sid = $2 returning sid",
    [accountSid, sid],
  );
  return rows.length > 0;
}
