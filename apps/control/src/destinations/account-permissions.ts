import {
  type DialingSettingsRow,
  findDialingSettings,
  listDialingPermissions,
  type Queryable,
} from "@tandem/database";
import { destinations } from "@tandem/numbering";
import { type CountrySwitches, defaultSwitches } from "./country-switches.ts";

/** The switches that hold for an account, for every country there is. */
export interface AccountPermissions {
  /** Of the account itself. */
  readonly settings: DialingSettingsRow;
  /** False: they are the parent's. */
  readonly areOwn: boolean;
  readonly byCountry: ReadonlyMap<string, CountrySwitches>;
}

/** Undefined: there is no such account. */
export async function accountPermissions(
  database: Queryable,
  accountSid: string,
): Promise<AccountPermissions | undefined> {
  const settings = await findDialingSettings(database, accountSid);
  if (settings === undefined) return undefined;
  const parent = inheritedFrom(settings);
  const whose = parent === undefined ? settings : await findDialingSettings(database, parent);
  if (whose === undefined) return undefined;
  const rows = new Map((await listDialingPermissions(database, whose.sid)).map((row) => [row.iso_code, row]));
  const others = defaultSwitches(whose.dialing_permissions_default);
  return {
    settings,
    areOwn: parent === undefined,
    byCountry: new Map([...destinations.keys()].map((isoCode) => [isoCode, rows.get(isoCode) ?? others])),
  };
}

/** The account whose permissions hold in place of its own; undefined: its own do. */
export function inheritedFrom(settings: DialingSettingsRow): string | undefined {
  const { parent_account_sid: parent, inherits_dialing_permissions: inherits } = settings;
  return inherits && parent !== null ? parent : undefined;
}
