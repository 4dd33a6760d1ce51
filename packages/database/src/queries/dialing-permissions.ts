/** Which countries accounts may call: rows where they differ from the account's default. */
import type { Queryable } from "../database.ts";
import { type ColumnValues, updateStatement } from "./assignments.ts";

export interface DialingPermissionRow {
  readonly account_sid: string;
  readonly iso_code: string;
  readonly low_risk: boolean;
  readonly high_risk_special: boolean;
  readonly high_risk_toll_fraud: boolean;
}

export interface DialingSettingsRow {
  readonly sid: string;
  readonly parent_account_sid: string | null;
  readonly dialing_permissions_default: "open" | "protected";
  readonly inherits_dialing_permissions: boolean;
}

const settingColumns = "sid, parent_account_sid, dialing_permissions_default, inherits_dialing_permissions";

export async function findDialingSettings(
  database: Queryable,
  accountSid: string,
): Promise<DialingSettingsRow | undefined> {
  const sql = `select ${settingColumns} from accounts where sid = $1`;
  return (await database.query<DialingSettingsRow>(sql, [accountSid]))[0];
}

export async function updateDialingSettings(
  database: Queryable,
  accountSid: string,
  changes: ColumnValues<
    Pick<DialingSettingsRow, "dialing_permissions_default" | "inherits_dialing_permissions">
  >,
): Promise<DialingSettingsRow | undefined> {
  const { text, values } = updateStatement("accounts", accountSid, changes);
  return (await database.query<DialingSettingsRow>(`${text} returning ${settingColumns}`, values))[0];
}

export function listDialingPermissions(
  database: Queryable,
  accountSid: string,
): Promise<readonly DialingPermissionRow[]> {
  return database.query<DialingPermissionRow>(
    `select account_sid, iso_code, low_risk, high_risk_special, high_risk_toll_fraud
     from dialing_permissions where account_sid = $1`,
    [accountSid],
  );
}

/** Adds the row, or replaces its switches. */
export async function putDialingPermission(database: Queryable, row: DialingPermissionRow): Promise<void> {
  await database.query(
    `insert into dialing_permissions (account_sid, iso_code, low_risk, high_risk_special, high_risk_toll_fraud)
     values ($1, $2, $3, $4, $5)
     on conflict (account_sid, iso_code) do update set low_risk = excluded.low_risk,
       high_risk_special = excluded.high_risk_special, high_risk_toll_fraud = excluded.high_risk_toll_fraud`,
    [row.account_sid, row.iso_code, row.low_risk, row.high_risk_special, row.high_risk_toll_fraud],
  );
}
