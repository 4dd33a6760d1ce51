/** Rows that follow the topology file and are in it no longer. */
import type { Queryable, Transaction } from "../database.ts";
import { isForeignKeyViolation } from "../query-error.ts";

const tables = {
  edges: { table: "edges", key: "name" },
  mediaRanges: { table: "media_ranges", key: "edge" },
  exchanges: { table: "exchanges", key: "name" },
  regions: { table: "regions", key: "name" },
} as const;

export interface Removal {
  readonly removed: readonly string[];
  /** Something stands on them, so they stay. */
  readonly inUse: readonly string[];
}

/** Removes the rows whose names are not in `names`, each on its own. */
export async function removeUnfollowed(
  transaction: Transaction,
  what: keyof typeof tables,
  names: readonly string[],
): Promise<Removal> {
  const { table, key } = tables[what];
  const rows = await transaction.query<{ name: string }>(
    `select ${key} as name from ${table} where managed_by = 'file' and not (${key} = any($1)) order by sequence`,
    [names],
  );
  const removed: string[] = [];
  const inUse: string[] = [];
  for (const { name } of rows) {
    const isGone = await isRemoved(transaction, `delete from ${table} where ${key} = $1`, name);
    (isGone ? removed : inUse).push(name);
  }
  return { removed, inUse };
}

async function isRemoved(transaction: Transaction, statement: string, name: string): Promise<boolean> {
  try {
    await transaction.transaction((savepoint) => savepoint.query(statement, [name]));
    return true;
  } catch (error) {
    if (isForeignKeyViolation(error)) return false;
    throw error;
  }
}

/** Names of the rows that the API manages. */
export async function managedByApi(
  database: Queryable,
  what: "edges" | "exchanges" | "regions",
): Promise<readonly string[]> {
  const rows = await database.query<{ name: string }>(
    `select name from ${tables[what].table} where managed_by = 'api' order by sequence`,
  );
  return rows.map(({ name }) => name);
}
