import assert from "node:assert/strict";
import { test } from "node:test";
import { connectionLost, QueryError } from "../query-error.ts";
import { CountedEngine } from "./counted-engine.ts";
import type { Engine, Session } from "./engine.ts";

test("queries, what the database refuses and what is lost, and sessions", async () => {
  let code: string | undefined;
  const answer = async () => {
    if (code !== undefined) throw new QueryError({ message: "no", code });
    return [];
  };
  const session: Session = { query: answer, runScript: async () => undefined, release: () => undefined };
  let give: (session: Session) => void = () => undefined;
  const engine: Engine = {
    name: "postgresql",
    query: answer,
    connect: () => new Promise((resolve) => (give = resolve)),
    close: async () => undefined,
  };
  const counted = new CountedEngine(engine);
  await counted.query("select 1", []);
  code = "23505";
  await assert.rejects(counted.query("select 1", []), { code });
  code = connectionLost;
  await assert.rejects(counted.query("select 1", []), { code });
  code = undefined;
  const connecting = counted.connect();
  assert.deepEqual(counted.counts(), { queries: 3, refused: 1, lost: 1, sessionsInUse: 0, waiting: 1 });
  give(session);
  const opened = await connecting;
  await opened.query("select 1", []);
  assert.deepEqual(counted.counts(), { queries: 4, refused: 1, lost: 1, sessionsInUse: 1, waiting: 0 });
  opened.release(false);
  assert.equal(counted.counts().sessionsInUse, 0);
});
