import type { Database } from "./database.ts";
import { PgliteEngine } from "./engine/pglite-engine.ts";
import { PostgresqlEngine } from "./engine/postgresql-engine.ts";
import { TransactionalDatabase } from "./engine/transactional-database.ts";

export type DatabaseLocation =
  /** A server: `postgres://user:password@host:port/database`. */
  | { readonly kind: "server"; readonly url: string; readonly maximumSessions?: number }
  /** PGlite: one process only may use the directory; left out: in memory. */
  | { readonly kind: "embedded"; readonly dataDirectory?: string };

/** Opens a database; does not migrate it. */
export async function openDatabase(location: DatabaseLocation): Promise<Database> {
  if (location.kind === "embedded") {
    return new TransactionalDatabase(await PgliteEngine.start(location.dataDirectory));
  }
  const { maximumSessions } = location;
  return new TransactionalDatabase(
    new PostgresqlEngine(location.url, maximumSessions === undefined ? {} : { maximumSessions }),
  );
}
