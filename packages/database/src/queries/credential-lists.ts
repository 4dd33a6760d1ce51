import type { Queryable } from "../database.ts";
import { accountLists } from "./account-lists.ts";
import { insertStatement, updateStatement } from "./assignments.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";
import { countOf, onlyRow } from "./result-rows.ts";

export interface CredentialListRow {
  readonly sid: string;
  readonly sequence: number;
  readonly account_sid: string;
  readonly friendly_name: string;
  readonly algorithm: "MD5" | "SHA-256";
  readonly date_created: Date;
  readonly date_updated: Date;
}

export const credentialLists = accountLists<
  CredentialListRow,
  Pick<CredentialListRow, "friendly_name" | "algorithm">
>({
  lists: "credential_lists",
  attachments: "trunk_credential_lists",
  listSid: "credential_list_sid",
});

/** A credential without its secret. */
export interface CredentialRow {
  readonly sid: string;
  readonly sequence: number;
  readonly credential_list_sid: string;
  readonly username: string;
  readonly date_created: Date;
  readonly date_updated: Date;
}

const columns = "sid, sequence, credential_list_sid, username, date_created, date_updated";

export async function findCredential(
  database: Queryable,
  listSid: string,
  sid: string,
): Promise<CredentialRow | undefined> {
  const rows = await database.query<CredentialRow>(
    `select ${columns} from credentials where credential_list_sid = $1 and sid = $2`,
    [listSid, sid],
  );
  return rows[0];
}

export function listCredentials(
  database: Queryable,
  listSid: string,
  window: PageWindow,
): Promise<Page<CredentialRow>> {
  return selectPage<CredentialRow>(
    database,
    {
      select: `select ${columns} from credentials`,
      where: "credential_list_sid = $1",
      parameters: [listSid],
      sequence: "sequence",
    },
    window,
  );
}

export async function countCredentials(database: Queryable, listSid: string): Promise<number> {
  return countOf(
    await database.query("select count(*)::int as count from credentials where credential_list_sid = $1", [
      listSid,
    ]),
  );
}

export interface NewCredential {
  readonly sid: string;
  readonly credential_list_sid: string;
  readonly username: string;
  readonly ha1_encrypted: Uint8Array;
}

/** A user name that the list has already is refused with a unique violation. */
export async function insertCredential(
  database: Queryable,
  credential: NewCredential,
): Promise<CredentialRow> {
  const { text, values } = insertStatement("credentials", credential);
  return onlyRow(await database.query<CredentialRow>(`${text} returning ${columns}`, values));
}

export async function replaceHa1(
  database: Queryable,
  sid: string,
  ha1Encrypted: Uint8Array,
): Promise<CredentialRow | undefined> {
  const { text, values } = updateStatement("credentials", sid, { ha1_encrypted: ha1Encrypted });
  return (await database.query<CredentialRow>(`${text} returning ${columns}`, values))[0];
}

/** False: the list has none with that SID. */
export async function deleteCredential(database: Queryable, listSid: string, sid: string): Promise<boolean> {
  const rows = await database.query(
    "delete from credentials where credential_list_sid = $1 and sid = $2 returning sid",
    [listSid, sid],
  );
  return rows.length > 0;
}
