import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type { Database } from "./database.ts";

export interface MigrationFile {
  /** `0001-installation-and-accounts`. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text in hex. */
  readonly checksum: string;
}

/** Why the migrations on disk and in the database do not fit together. */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
  /** `migration-changed`: an old one was edited; `database-is-newer`: it has one that this program does not know;
   * `migration-out-of-order`: a new one stands before one that has run; `migration-name`: not `NNNN-name.sql`. */
  readonly code: "migration-changed" | "database-is-newer" | "migration-out-of-order" | "migration-name";

  constructor(code: MigrationError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** The migrations of this package, or of another directory (tests), in order of their numbers. */
export async function readMigrations(
  directory: URL = new URL("../migrations/", import.meta.url),
): Promise<readonly MigrationFile[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".sql")).sort();
  return Promise.all(
    names.map(async (fileName) => {
      if (!/^\d{4}-[a-z0-9-]+\.sql$/.test(fileName)) {
        throw new MigrationError(
          "migration-name",
          `${fileName}: the name must look like 0001-what-it-does.sql`,
        );
      }
      const sql = await readFile(new URL(fileName, directory), "utf8");
      return { name: fileName.slice(0, -4), sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

/** Any number, the same in every program of ours: only one of them migrates at a time. */
const advisoryLock = 7_462_810;

/**
 * Runs what has not run yet, all in one transaction, and returns the names. Migrations are append-only: throws a
 * `MigrationError` and changes nothing when the past does not agree.
 */
export async function migrate(
  database: Database,
  files?: readonly MigrationFile[],
): Promise<readonly string[]> {
  const wanted = files ?? (await readMigrations());
  return database.transaction(async (transaction) => {
    await transaction.query("select pg_advisory_xact_lock($1)", [advisoryLock]);
    await transaction.query(
      `create table if not exists schema_migrations (
         name text primary key, checksum text not null, applied_at timestamptz not null default now())`,
    );
    const applied = await transaction.query<{ name: string; checksum: string }>(
      "select name, checksum from schema_migrations order by name",
    );
    const pending = pendingOf(wanted, applied);
    for (const file of pending) {
      await database.runScript(file.sql);
      await transaction.query("insert into schema_migrations (name, checksum) values ($1, $2)", [
        file.name,
        file.checksum,
      ]);
    }
    return pending.map((file) => file.name);
  });
}

function pendingOf(
  wanted: readonly MigrationFile[],
  applied: readonly { readonly name: string; readonly checksum: string }[],
): readonly MigrationFile[] {
  const known = new Map(wanted.map((file) => [file.name, file]));
  for (const past of applied) {
    const file = known.get(past.name);
    if (file === undefined) {
      throw new MigrationError(
        "database-is-newer",
        `the database has migration ${past.name}, which this program does not know: it was made by a newer one`,
      );
    }
    if (file.checksum !== past.checksum) {
      throw new MigrationError(
        "migration-changed",
        `migration ${past.name} has run already and was changed afterwards: restore it and write a new one`,
      );
    }
  }
  const pending = wanted.slice(0).filter((file) => !applied.some((past) => past.name === file.name));
  const last = applied.at(-1)?.name ?? "";
  const early = pending.find((file) => file.name < last);
  if (early !== undefined) {
    throw new MigrationError(
      "migration-out-of-order",
      `migration ${early.name} is new but stands before ${last}, which has run already`,
    );
  }
  return pending;
}
