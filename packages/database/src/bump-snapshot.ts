import type { Queryable } from "./database.ts";

/**
 * Says that the routing configuration has changed. Call it in the transaction that changes it, as the last statement:
 * it locks the installation's row until the commit, so versions become visible in the order in which they grow.
 */
export async function bumpSnapshot(transaction: Queryable): Promise<number> {
  const rows = await transaction.query<{ snapshot_version: number }>(
    "update installation set snapshot_version = snapshot_version + 1 returning snapshot_version",
  );
  return rows[0]?.snapshot_version ?? 0;
}
