import type { CallerIdPolicy } from "@tandem/contracts";
import type { Queryable } from "../database.ts";
import { type ColumnValues, insertStatement, updateStatement } from "./assignments.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";
import { countOf, onlyRow } from "./result-rows.ts";

export type AccountStatus = "active" | "suspended" | "closed";

export interface AccountRow {
  readonly sid: string;
  readonly sequence: number;
  readonly parent_account_sid: string | null;
  readonly friendly_name: string;
  readonly status: AccountStatus;
  readonly compatibility: "tandem" | "twilio";
  readonly is_operator: boolean;
  /** That its trunks and those of its subaccounts share; null: unlimited. */
  readonly calls_per_second: number | null;
  /** What none of its trunks may go beyond. */
  readonly caller_id_policy: CallerIdPolicy;
  readonly date_created: Date;
  readonly date_updated: Date;
}

const columns =
  "sid, sequence, parent_account_sid, friendly_name, status, compatibility, is_operator, calls_per_second, caller_id_policy, date_created, date_updated";

/** What authentication needs to know about an account or key. */
export interface CallerRow {
  readonly account_sid: string;
  readonly key_sid: string | null;
  /** Hash of the account's token or of the key's secret. */
  readonly hash: string;
  readonly status: AccountStatus;
  readonly parent_status: AccountStatus | null;
  readonly is_operator: boolean;
}

/** The account with that SID, or the key with that SID and its account. */
export async function findCaller(database: Queryable, sid: string): Promise<CallerRow | undefined> {
  const rows = await database.query<CallerRow>(
    `select account.sid as account_sid, key.sid as key_sid, coalesce(key.secret_hash, account.auth_token_hash) as hash,
       account.status, parent.status as parent_status, account.is_operator
     from accounts account
     left join api_keys key on key.account_sid = account.sid and key.sid = $1
     left join accounts parent on parent.sid = account.parent_account_sid
     where account.sid = $1 or key.sid = $1`,
    [sid],
  );
  return rows[0];
}

export async function findAccount(database: Queryable, sid: string): Promise<AccountRow | undefined> {
  return (await database.query<AccountRow>(`select ${columns} from accounts where sid = $1`, [sid]))[0];
}

/** The account itself and its subaccounts. */
export function listAccounts(
  database: Queryable,
  accountSid: string,
  filters: { readonly friendlyName?: string | undefined; readonly status?: AccountStatus | undefined },
  window: PageWindow,
): Promise<Page<AccountRow>> {
  return selectPage<AccountRow>(
    database,
    {
      select: `select ${columns} from accounts`,
      where: `(sid = $1 or parent_account_sid = $1)
        and ($2::text is null or friendly_name = $2) and ($3::text is null or status = $3)`,
      parameters: [accountSid, filters.friendlyName ?? null, filters.status ?? null],
      sequence: "sequence",
    },
    window,
  );
}

export interface NewAccount {
  readonly sid: string;
  readonly parent_account_sid: string | null;
  readonly friendly_name: string;
  readonly auth_token_hash: string;
  readonly is_operator?: boolean;
}

export async function insertAccount(database: Queryable, account: NewAccount): Promise<AccountRow> {
  const { text, values } = insertStatement("accounts", account);
  return onlyRow(await database.query<AccountRow>(`${text} returning ${columns}`, values));
}

type AccountChanges = ColumnValues<
  Pick<AccountRow, "friendly_name" | "status" | "compatibility" | "calls_per_second" | "caller_id_policy">
>;

export async function updateAccount(
  database: Queryable,
  sid: string,
  changes: AccountChanges,
): Promise<AccountRow | undefined> {
  const { text, values } = updateStatement("accounts", sid, changes);
  return (await database.query<AccountRow>(`${text} returning ${columns}`, values))[0];
}

/** Serialises what counts the account's objects; the lock does not hinder new rows that refer to the account. */
export async function lockAccount(database: Queryable, sid: string): Promise<void> {
  await database.query("select 1 from accounts where sid = $1 for no key update", [sid]);
}

export async function countSubaccounts(database: Queryable, sid: string): Promise<number> {
  return countOf(
    await database.query("select count(*)::int as count from accounts where parent_account_sid = $1", [sid]),
  );
}
