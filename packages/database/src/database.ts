import type { DatabaseCounts } from "./engine/counted-engine.ts";

/**
 * The port to PostgreSQL. Two engines stand behind it: PGlite in a worker thread (embedded) and a `pg` pool. Both
 * give back the same JavaScript values: bigint columns are numbers, timestamptz is a `Date`, jsonb is parsed, bytea is
 * a `Uint8Array`, inet and cidr are text. Parameters: pass JSON as text (`JSON.stringify`), arrays as arrays.
 */
export interface Queryable {
  /** Runs one statement and returns its rows. Throws a `QueryError`. For a count use `returning`. */
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<readonly Row[]>;
}

/** Handle of one transaction. Dead once the function it was given to has returned. */
export interface Transaction extends Queryable {
  /** A savepoint: an error undoes only what this function did. Concurrent ones of one transaction run in turn. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}

export interface Database extends Queryable {
  readonly engine: "pglite" | "postgresql";
  /** What was asked of it since it was opened, and how that went. */
  counts(): DatabaseCounts;
  /**
   * Commits when `work` returns, rolls back when it throws. Inside `work`, the database's own `query` and
   * `transaction` join this transaction (as a savepoint), so code that was handed the database works in both places.
   */
  transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    options?: { readonly isolation?: "read committed" | "repeatable read" | "serializable" },
  ): Promise<T>;
  /** Several statements in one text, without parameters (migrations). */
  runScript(sql: string): Promise<void>;
  /** Idempotent; waits for what is running. */
  close(): Promise<void>;
}
