import assert from "node:assert/strict";
import { test } from "node:test";
import { type Database, QueryError, type Transaction } from "@tandem/database";
import { storeEntries } from "./store-entries.ts";

/** A database that fails with these codes, one per savepoint, and notes what is written outside of them. */
function failing(codes: string[]) {
  const written: string[] = [];
  const transaction: Transaction = {
    query: async (sql) => {
      written.push(sql.trim().split(/\s+/, 3).join(" "));
      return [];
    },
    transaction: async (work) => {
      const code = codes.shift();
      if (code !== undefined) throw new QueryError({ message: "refused", code });
      return work(transaction);
    },
  };
  const database = { transaction: (work: (given: Transaction) => Promise<unknown>) => work(transaction) };
  return { database: database as Database, written };
}

const alert = {
  sid: "NO1",
  accountSid: null,
  trunkSid: null,
  callSid: null,
  code: 1,
  level: "error",
  text: "t",
  atMs: 0,
};
const entries = [1, 2].map((sequence) => ({ sequence, kind: "alert", alert }));

test("a connection lost at the first try is an error, not a quarantine", async () => {
  const { database, written } = failing(["08006"]);
  await assert.rejects(storeEntries(database, "gw-1", entries), { code: "08006" });
  assert.deepEqual(written, []);
});

test("so is one lost while entries are tried one by one", async () => {
  const { database, written } = failing(["22P05", "22P05", "57P01"]);
  await assert.rejects(storeEntries(database, "gw-1", entries), { code: "57P01" });
  assert.deepEqual(written, []);
});

test("values that are refused one by one go into quarantine", async () => {
  for (const code of ["22P05", "23514", "54000"]) {
    const { database, written } = failing([code, code]);
    assert.deepEqual(await storeEntries(database, "gw-1", entries), { stored: 1, quarantined: 1 });
    assert.deepEqual(written, ["insert into alerts", "insert into quarantined_entries"]);
  }
});
