import type { Queryable } from "../database.ts";

export interface InstallationRow {
  readonly base_domain: string;
  readonly realm: string;
  readonly key_check: Uint8Array;
  readonly nonce_keys_encrypted: Uint8Array;
  readonly snapshot_version: number;
}

/** Undefined before the first start has finished. */
export async function findInstallation(database: Queryable): Promise<InstallationRow | undefined> {
  const rows = await database.query<InstallationRow>(
    "select base_domain, realm, key_check, nonce_keys_encrypted, snapshot_version from installation",
  );
  return rows[0];
}

/** The same, kept from other writers until the transaction ends. */
export async function lockInstallation(transaction: Queryable): Promise<InstallationRow | undefined> {
  const rows = await transaction.query<InstallationRow>(
    `select base_domain, realm, key_check, nonce_keys_encrypted, snapshot_version
     from installation for update`,
  );
  return rows[0];
}

/** False when another process was first. */
export async function insertInstallation(
  transaction: Queryable,
  row: Omit<InstallationRow, "snapshot_version">,
): Promise<boolean> {
  const rows = await transaction.query(
    `insert into installation (base_domain, realm, key_check, nonce_keys_encrypted)
     values ($1, $2, $3, $4) on conflict do nothing returning realm`,
    [row.base_domain, row.realm, row.key_check, row.nonce_keys_encrypted],
  );
  return rows.length === 1;
}

export async function updateNames(
  transaction: Queryable,
  names: { readonly baseDomain: string; readonly realm: string },
): Promise<void> {
  await transaction.query("update installation set base_domain = $1, realm = $2", [
    names.baseDomain,
    names.realm,
  ]);
}

export async function updateNonceKeys(transaction: Queryable, sealed: Uint8Array): Promise<void> {
  await transaction.query("update installation set nonce_keys_encrypted = $1", [sealed]);
}

export async function snapshotVersion(database: Queryable): Promise<number> {
  const rows = await database.query<{ snapshot_version: number }>(
    "select snapshot_version from installation",
  );
  return rows[0]?.snapshot_version ?? 0;
}

/** Whether any HA1 value depends on the realm. */
export async function hasCredentials(database: Queryable): Promise<boolean> {
  const rows = await database.query<{ found: boolean }>("select exists (select from credentials) as found");
  return rows[0]?.found ?? false;
}
