import { after, afterEach, describe } from "node:test";
import type { Database } from "../database.ts";
import { openPgliteDatabase } from "./pglite-schemas.ts";
import { openPostgresqlDatabase, stopPostgresql } from "./postgresql-databases.ts";
import { findPostgresql } from "./postgresql-server.ts";

/** Gives a migrated, empty database; the harness closes it after the test. */
export type OpenTestDatabase = () => Promise<Database>;

// Of the whole test process: this module is loaded outside of any suite.
after(stopPostgresql);

const isRoot = process.getuid?.() === 0;

/**
 * The suite twice: on PGlite and on a real PostgreSQL. Where PostgreSQL is not installed, the second is skipped and
 * says so; for root, as whom the project's own checks run, it fails instead.
 */
export function describeOnBothEngines(name: string, suite: (open: OpenTestDatabase) => void): void {
  describe(`${name} (PGlite)`, () => suite(tracked(openPgliteDatabase)));
  describe(`${name} (PostgreSQL)`, { skip: postgresqlIsMissing }, () =>
    suite(tracked(openPostgresqlDatabase)),
  );
}

const postgresqlIsMissing: string | false =
  isRoot || (await findPostgresql()) !== undefined ? false : "PostgreSQL 15 or later is not installed";

function tracked(open: OpenTestDatabase): OpenTestDatabase {
  const opened: Database[] = [];
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close();
  });
  return async () => {
    const database = await open();
    opened.push(database);
    return database;
  };
}
