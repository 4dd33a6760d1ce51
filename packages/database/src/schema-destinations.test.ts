/** What the schema keeps to about destinations, and what becomes of accounts that are older than they are. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Database } from "./database.ts";
import { readMigrations } from "./migrate.ts";
import { insertStatement } from "./queries/assignments.ts";
import { createSid } from "./sid.ts";
import { describeOnBothEngines } from "./testing/index.ts";

type Row = Readonly<Record<string, unknown>>;

async function add(database: Pick<Database, "query">, table: string, row: Row): Promise<void> {
  const { text, values } = insertStatement(table, row);
  await database.query(text, values);
}

async function account(database: Pick<Database, "query">, parent: string | null = null): Promise<string> {
  const sid = createSid("AC");
  const row = { sid, parent_account_sid: parent, friendly_name: "a", auth_token_hash: "h" };
  await add(database, "accounts", row);
  return sid;
}

/** What the test does to a schema would stay in PGlite's shared ones. */
class Undo extends Error {}

const switches = { low_risk: true, high_risk_special: true, high_risk_toll_fraud: true };

describeOnBothEngines("destinations in the schema", (open) => {
  test("prefixes are + and 1 to 15 digits, each once in a list", async () => {
    const database = await open();
    const owner = await account(database);
    for (const [table, sidPrefix, fields] of [
      ["blocked_prefixes", "DB", { account_sid: owner }],
      ["blocked_prefixes", "DB", { account_sid: null }],
      ["do_not_originate_prefixes", "DN", { account_sid: owner }],
      ["do_not_originate_prefixes", "DN", { account_sid: null }],
      ["risk_prefixes", "DR", { risk: "low-risk" }],
    ] as const) {
      const row = (prefix: string, sid = createSid(sidPrefix)) => ({ ...fields, sid, prefix });
      await add(database, table, row("+1"));
      await add(database, table, row("+123456789012345"));
      await assert.rejects(add(database, table, row("+1")), { code: "23505", constraint: `${table}_prefix` });
      for (const wrong of ["", "+", "1", "+0", "+1a", "+1234567890123456"]) {
        await assert.rejects(add(database, table, row(wrong)), { code: "23514" }, `${table} ${wrong}`);
      }
      await assert.rejects(add(database, table, row("+2", createSid("XX"))), { code: "23514" }, table);
    }
    const wrong = { sid: createSid("DR"), prefix: "+3", risk: "dear" };
    await assert.rejects(add(database, "risk_prefixes", wrong), { code: "23514" });
  });

  test("an account says something of a country once, and its defaults are two", async () => {
    const database = await open();
    const owner = await account(database);
    const row = (iso_code: string) => ({ account_sid: owner, iso_code, ...switches });
    await add(database, "dialing_permissions", row("GB"));
    await assert.rejects(add(database, "dialing_permissions", row("GB")), { code: "23505" });
    for (const wrong of ["gb", "G", "GBR", ""]) {
      await assert.rejects(add(database, "dialing_permissions", row(wrong)), { code: "23514" }, wrong);
    }
    const orphan = { ...row("FR"), account_sid: createSid("AC") };
    await assert.rejects(add(database, "dialing_permissions", orphan), { code: "23503" });
    await assert.rejects(database.query("update accounts set dialing_permissions_default = 'shut'"), {
      code: "23514",
    });
  });

  test("accounts that were there before go on as they were, new ones are protected", async () => {
    const database = await open();
    const migration = (await readMigrations()).find(({ name }) => name === "0014-destinations");
    const undone = database.transaction(async (transaction) => {
      const old = await account(transaction);
      const child = await account(transaction, old);
      await database.runScript(`
        drop table dialing_permissions, blocked_prefixes, do_not_originate_prefixes, risk_prefixes;
        alter table accounts drop column dialing_permissions_default, drop column inherits_dialing_permissions;`);
      await database.runScript(migration?.sql ?? "");
      const young = await account(transaction);
      const rows = await transaction.query(
        `select sid, dialing_permissions_default as preset, inherits_dialing_permissions as inherits
         from accounts order by sequence`,
      );
      assert.deepEqual(rows, [
        { sid: old, preset: "open", inherits: true },
        // Its parent's hold; when it ends that, it begins like a new one.
        { sid: child, preset: "protected", inherits: true },
        { sid: young, preset: "protected", inherits: true },
      ]);
      throw new Undo();
    });
    await assert.rejects(undone, Undo);
  });
});
