import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { QueryError } from "../query-error.ts";
import type { Engine, Session } from "./engine.ts";
import { TransactionalDatabase } from "./transactional-database.ts";

/** Sessions that write down what they are told. */
function recording(): { readonly engine: Engine; readonly told: string[] } {
  const told: string[] = [];
  const query = async (sql: string): Promise<readonly object[]> => {
    told.push(sql);
    return [];
  };
  const session: Session = {
    query,
    runScript: async (sql) => void told.push(sql),
    release: (isBroken) => void told.push(isBroken ? "thrown away" : "given back"),
  };
  return {
    told,
    engine: {
      name: "postgresql",
      query,
      connect: async () => session,
      close: async () => undefined,
    },
  };
}

const begin = "begin isolation level read committed";

describe("TransactionalDatabase", () => {
  it("undoes what failed, and gives the session back", async () => {
    const { engine, told } = recording();
    const failure = new QueryError({ message: "no", code: "23505" });
    const work = new TransactionalDatabase(engine).transaction(async (transaction) =>
      transaction.transaction(() => Promise.reject(failure)),
    );
    await assert.rejects(work, failure);
    assert.deepEqual(told, [
      begin,
      "savepoint savepoint_1",
      "rollback to savepoint savepoint_1",
      "release savepoint savepoint_1",
      "rollback",
      "given back",
    ]);
  });

  for (const code of ["08000", "08006"]) {
    it(`says nothing more to a session that is lost, and throws it away: ${code}`, async () => {
      const { engine, told } = recording();
      const failure = new QueryError({ message: "gone", code });
      const work = new TransactionalDatabase(engine).transaction(async (transaction) =>
        transaction.transaction(() => Promise.reject(failure)),
      );
      await assert.rejects(work, failure);
      assert.deepEqual(told, [begin, "savepoint savepoint_1", "thrown away"]);
    });
  }
});
