import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { createPostgresqlDatabase, findPostgresql, postgresqlUrl } from "../testing/index.ts";
import { PostgresqlEngine } from "./postgresql-engine.ts";

const isMissing = (await findPostgresql()) === undefined && process.getuid?.() !== 0;

describe("PostgresqlEngine", { skip: isMissing && "PostgreSQL 15 or later is not installed" }, () => {
  let engine: PostgresqlEngine;
  beforeEach(async () => {
    const url = await postgresqlUrl(await createPostgresqlDatabase());
    engine = new PostgresqlEngine(url, { maximumSessions: 1, answerWaitMs: 500 });
  });
  afterEach(() => engine.close());

  it("gives up a statement without an answer as a lost session, and goes on with another", async () => {
    const lost = { name: "QueryError", code: "08000", message: "Query read timeout" };
    await assert.rejects(engine.query("select pg_sleep(600)", []), lost);
    const session = await engine.connect();
    await assert.rejects(session.query("select pg_sleep(600)", []), lost);
    session.release(true);
    assert.deepEqual(await engine.query("select 7 as number", []), [{ number: 7 }]);
  });

  it("waits for scripts as long as they take", async () => {
    const session = await engine.connect();
    await session.runScript("select pg_sleep(1); create table made ()");
    session.release(false);
    assert.deepEqual(await engine.query("select from made", []), []);
  });
});
