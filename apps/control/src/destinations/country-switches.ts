import { type DialingPermissionsDefault, defaultPermissions, permissionBits } from "@tandem/contracts";
import type { DialingPermissionRow } from "@tandem/database";

/** The three switches of one country. */
export type CountrySwitches = Omit<DialingPermissionRow, "account_sid" | "iso_code">;

/** What holds for a country without a row. */
export function defaultSwitches(which: DialingPermissionsDefault): CountrySwitches {
  const bits = defaultPermissions[which];
  return {
    low_risk: (bits & permissionBits["low-risk"]) !== 0,
    high_risk_special: (bits & permissionBits["high-risk-special"]) !== 0,
    high_risk_toll_fraud: (bits & permissionBits["high-risk-toll-fraud"]) !== 0,
  };
}

/** As a snapshot has them. */
export function bitsOf(switches: CountrySwitches): number {
  return (
    (switches.low_risk ? permissionBits["low-risk"] : 0) |
    (switches.high_risk_special ? permissionBits["high-risk-special"] : 0) |
    (switches.high_risk_toll_fraud ? permissionBits["high-risk-toll-fraud"] : 0)
  );
}
