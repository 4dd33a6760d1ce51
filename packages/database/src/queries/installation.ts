import type { Queryable } from "../database.ts";

export interface InstallationRow {
  readonly base_domain: string;
  readonly realm: string;
  readonly key_check: Uint8Array;
  readonly nonce_keys_encrypted: Uint8Array;
  /** Null until control has started once with a version that knows them. */
  readonly backbone_keys_encrypted: Uint8Array | null;
  /** CIDR text; see `connections.line_number`. */
  readonly line_pool: string;
  readonly snapshot_version: number;
}

const columns = `base_domain, realm, key_check, nonce_keys_encrypted, backbone_keys_encrypted,
  line_pool::text as line_pool, snapshot_version`;

/** Undefined before the first start has finished. */
export async function findInstallation(database: Queryable): Promise<InstallationRow | undefined> {
  return (await database.query<InstallationRow>(`select ${columns} from installation`))[0];
}

/** The same, kept from other writers until the transaction ends. */
export async function lockInstallation(transaction: Queryable): Promise<InstallationRow | undefined> {
  return (await transaction.query<InstallationRow>(`select ${columns} from installation for update`))[0];
}

/** False when another process was first. */
export async function insertInstallation(
  transaction: Queryable,
  row: Omit<InstallationRow, "snapshot_version" | "line_pool">,
): Promise<boolean> {
  const rows = await transaction.query(
    `insert into installation (base_domain, realm, key_check, nonce_keys_encrypted, backbone_keys_encrypted)
     values ($1, $2, $3, $4, $5) on conflict do nothing returning realm`,
    [row.base_domain, row.realm, row.key_check, row.nonce_keys_encrypted, row.backbone_keys_encrypted],
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

export async function updateBackboneKeys(transaction: Queryable, sealed: Uint8Array): Promise<void> {
  await transaction.query("update installation set backbone_keys_encrypted = $1", [sealed]);
}

/** `pool`: CIDR text. */
export async function updateLinePool(transaction: Queryable, pool: string): Promise<void> {
  await transaction.query("update installation set line_pool = $1::cidr", [pool]);
}

/**
 * The version that this transaction's `bumpSnapshot` will make. Like that, it keeps the row until the commit: call it
 * after everything else that locks.
 */
export async function nextSnapshotVersion(transaction: Queryable): Promise<number> {
  const rows = await transaction.query<{ snapshot_version: number }>(
    "select snapshot_version from installation for update",
  );
  return (rows[0]?.snapshot_version ?? 0) + 1;
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
