/** The parts of a snapshot that say which destinations may be called. Pure. */
import {
  type DialingPermissions,
  defaultPermissions,
  type Snapshot,
  type SnapshotAccount,
} from "@tandem/contracts";
import type { SnapshotAccountRow, SnapshotPrefixRow, SnapshotRows } from "@tandem/database";
import { bitsOf } from "../destinations/country-switches.ts";
import { riskLists } from "../destinations/risk-lists.ts";

type DestinationRows = Pick<
  SnapshotRows,
  "accounts" | "dialingPermissions" | "blockedPrefixes" | "doNotOriginatePrefixes" | "riskPrefixes"
>;

type AccountDestinations = Pick<
  SnapshotAccount,
  "dialingPermissions" | "inheritsFrom" | "blockedPrefixes" | "doNotOriginatePrefixes"
>;

/** What each account says of destinations. */
export function accountDestinationsOf(
  rows: DestinationRows,
): (row: SnapshotAccountRow) => AccountDestinations {
  const permissions = Map.groupBy(rows.dialingPermissions, (row) => row.account_sid);
  const blocked = Map.groupBy(rows.blockedPrefixes, (row) => row.account_sid);
  const doNotOriginate = Map.groupBy(rows.doNotOriginatePrefixes, (row) => row.account_sid);
  return (row) => ({
    ...(inheritsFrom(row) ?? { dialingPermissions: permissionsOf(row, permissions.get(row.sid) ?? []) }),
    ...listOf("blockedPrefixes", blocked.get(row.sid)),
    ...listOf("doNotOriginatePrefixes", doNotOriginate.get(row.sid)),
  });
}

export function destinationsOf(rows: DestinationRows): NonNullable<Snapshot["destinations"]> {
  const ofAll = (list: readonly SnapshotPrefixRow[]): string[] =>
    list.filter((row) => row.account_sid === null).map((row) => row.prefix);
  return {
    ...riskLists(rows.riskPrefixes),
    blockedPrefixes: ofAll(rows.blockedPrefixes),
    doNotOriginatePrefixes: ofAll(rows.doNotOriginatePrefixes),
  };
}

function inheritsFrom(row: SnapshotAccountRow): { readonly inheritsFrom: string } | undefined {
  const { parent_account_sid: parent } = row;
  return parent !== null && row.inherits_dialing_permissions ? { inheritsFrom: parent } : undefined;
}

/** Countries whose switches are the default's anyway are left out. */
function permissionsOf(
  row: SnapshotAccountRow,
  countries: DestinationRows["dialingPermissions"],
): DialingPermissions {
  const { dialing_permissions_default: preset } = row;
  const others = countries
    .map((country) => [country.iso_code, bitsOf(country)] as const)
    .filter(([, bits]) => bits !== defaultPermissions[preset]);
  return { default: preset, countries: Object.fromEntries(others) };
}

function listOf<Name extends "blockedPrefixes" | "doNotOriginatePrefixes">(
  name: Name,
  rows: readonly SnapshotPrefixRow[] | undefined,
): { readonly [key in Name]?: string[] } {
  return rows === undefined ? {} : ({ [name]: rows.map((row) => row.prefix) } as { [key in Name]: string[] });
}
