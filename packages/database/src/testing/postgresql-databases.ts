import pg from "pg";
import type { Database } from "../database.ts";
import { migrate, readMigrations } from "../migrate.ts";
import { openDatabase } from "../open-database.ts";
import { findPostgresql, PostgresqlServer } from "./postgresql-server.ts";

let shared: Promise<TestServer> | undefined;
let databases = 0;

interface TestServer {
  readonly server: PostgresqlServer;
  readonly template: string;
}

/** A migrated database of its own, copied from a template, on the PostgreSQL of this process. */
export async function openPostgresqlDatabase(): Promise<Database> {
  const name = await createPostgresqlDatabase();
  return openDatabase({ kind: "server", url: await postgresqlUrl(name), maximumSessions: 5 });
}

/** The same, as a name for `postgresqlUrl` (a program under test opens it itself). */
export async function createPostgresqlDatabase(): Promise<string> {
  const { server, template } = await testServer();
  databases += 1;
  const name = `test_${databases}`;
  await administer(server, `create database ${name} template ${template}`);
  return name;
}

export async function postgresqlUrl(name: string): Promise<string> {
  return (await testServer()).server.url(name);
}

/** Ends the server of this process, if one runs. */
export async function stopPostgresql(): Promise<void> {
  if (shared === undefined) return;
  const { server } = await shared;
  await server.close();
  shared = undefined;
}

async function testServer(): Promise<TestServer> {
  shared ??= start();
  return shared;
}

async function start(): Promise<TestServer> {
  const bin = await findPostgresql();
  if (bin === undefined) throw new Error("PostgreSQL 15 or later is not installed (Debian: postgresql-15)");
  const server = await PostgresqlServer.start(bin);
  process.once("exit", () => server.stop());
  const template = "template_migrated";
  await administer(server, `create database ${template}`);
  const database = await openDatabase({ kind: "server", url: server.url(template), maximumSessions: 1 });
  await migrate(database, await readMigrations());
  await database.close();
  return { server, template };
}

async function administer(server: PostgresqlServer, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.url("postgres") });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
