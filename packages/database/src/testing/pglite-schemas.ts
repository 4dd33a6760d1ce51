/**
 * PGlite takes seconds to start and has one session, so a test process shares one: a test gets a schema of its own,
 * and a schema that a test has given back is emptied and used again.
 */
import type { Database } from "../database.ts";
import type { Engine, Session } from "../engine/engine.ts";
import { PgliteEngine } from "../engine/pglite-engine.ts";
import { TransactionalDatabase } from "../engine/transactional-database.ts";
import { migrate } from "../migrate.ts";

interface SharedPglite {
  readonly engine: PgliteEngine;
  /** The schema of the search path now. */
  current: string;
  schemas: number;
  readonly free: string[];
}

let shared: Promise<SharedPglite> | undefined;

/** A migrated database of its own on the PGlite of this process. */
export async function openPgliteDatabase(): Promise<Database> {
  shared ??= PgliteEngine.start().then((engine) => ({ engine, current: "", schemas: 0, free: [] }));
  const pglite = await shared;
  const used = pglite.free.pop();
  if (used !== undefined) return new TransactionalDatabase(new SchemaEngine(pglite, used));
  pglite.schemas += 1;
  const schema = `test_${pglite.schemas}`;
  await pglite.engine.query(`create schema ${schema}`, []);
  const database = new TransactionalDatabase(new SchemaEngine(pglite, schema));
  await migrate(database);
  return database;
}

class SchemaEngine implements Engine {
  readonly name = "pglite";
  readonly #pglite: SharedPglite;
  readonly #schema: string;

  constructor(pglite: SharedPglite, schema: string) {
    this.#pglite = pglite;
    this.#schema = schema;
  }

  async query(sql: string, parameters: readonly unknown[]): Promise<readonly object[]> {
    const session = await this.connect();
    try {
      return await session.query(sql, parameters);
    } finally {
      session.release(false);
    }
  }

  async connect(): Promise<Session> {
    const session = await this.#pglite.engine.connect();
    if (this.#pglite.current !== this.#schema) {
      await session.query(`set search_path to ${this.#schema}`, []);
      this.#pglite.current = this.#schema;
    }
    return session;
  }

  async close(): Promise<void> {
    const session = await this.connect();
    try {
      const tables = (await session.query(
        "select tablename from pg_tables where schemaname = $1 and tablename <> 'schema_migrations'",
        [this.#schema],
      )) as readonly { tablename: string }[];
      const names = tables.map((table) => table.tablename).join(", ");
      // As a replica does: without the triggers that keep append-only tables as they are.
      await session.runScript(
        `set session_replication_role = replica; truncate ${names} restart identity cascade; set session_replication_role = origin`,
      );
      this.#pglite.free.push(this.#schema);
    } finally {
      session.release(false);
    }
  }
}
