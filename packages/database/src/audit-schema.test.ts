/** What the schema itself keeps to: nothing is taken from the log, and no table of the configuration is forgotten. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Database } from "./database.ts";
import {
  insertAuditEvent,
  listAuditEvents,
  type NewAuditEvent,
  openAuditEvent,
} from "./queries/audit-events.ts";
import { QueryError } from "./query-error.ts";
import { createSid } from "./sid.ts";
import { describeOnBothEngines } from "./testing/index.ts";

const account = createSid("AC");

function event(sid: string, fields: Partial<NewAuditEvent> = {}): NewAuditEvent {
  return {
    sid,
    account_sid: account,
    actor_account_sid: account,
    actor_key_sid: null,
    actor_is_operator: false,
    operation: "CreateTrunk",
    method: "POST",
    path: "/v1/Trunks",
    resource_sid: undefined,
    path_sids: [],
    status: 201,
    source_address: "192.0.2.1",
    event_date: new Date(0),
    ...fields,
  };
}

async function insertAccountRow(database: Pick<Database, "query">, sid: string): Promise<void> {
  const sql = "insert into accounts (sid, friendly_name, auth_token_hash) values ($1, 'n', 'hash-of-token')";
  await database.query(sql, [sid]);
}

const whole = { limit: 100 };

/** Tables that are not configuration: what happens to them is not a person's doing. */
const unaudited = [
  "alerts",
  "audit_changes",
  "audit_events",
  "call_attempts",
  "call_legs",
  "calls",
  "connection_transitions",
  "gateways",
  "installation",
  "quarantined_entries",
  "schema_migrations",
];

describeOnBothEngines("the schema of the audit log", (open) => {
  test("every table is audited or known not to be", async () => {
    const database = await open();
    const rows = await database.query<{ name: string; triggers: number }>(
      `select relname as name, (select count(*)::int from pg_trigger where tgrelid = pg_class.oid and tgname = 'audit') as triggers
       from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace order by relname`,
    );
    const without = rows.filter(({ triggers }) => triggers === 0).map(({ name }) => name);
    assert.deepEqual(without.toSorted(), unaudited);
  });

  test("bytes are secrets, and the names of their columns say so", async () => {
    const database = await open();
    const rows = await database.query<{ column_name: string }>(
      `select column_name from information_schema.columns
       where table_schema = current_schema() and data_type = 'bytea' and table_name <> 'installation'`,
    );
    assert.ok(rows.length >= 4);
    for (const { column_name } of rows) assert.match(column_name, /_encrypted$/);
  });

  test("neither events nor changes can be changed, deleted or emptied", async () => {
    const database = await open();
    await database.transaction(async (transaction) => {
      const sid = createSid("AE");
      await openAuditEvent(transaction, sid);
      await insertAccountRow(transaction, account);
      await insertAuditEvent(transaction, event(sid));
    });
    const statements = [
      "update audit_events set status = 200",
      "delete from audit_events",
      "truncate audit_events cascade",
      "update audit_changes set fields = '[]'",
      "delete from audit_changes",
      "truncate audit_changes",
    ];
    for (const sql of statements) {
      await assert.rejects(
        database.query(sql),
        (error) => error instanceof QueryError && error.code === "23001",
        sql,
      );
    }
    const { rows } = await listAuditEvents(database, { accountSid: undefined }, {}, whole);
    assert.equal(rows[0]?.changes.length, 1);
  });

  test("changes without their event cannot be committed", async () => {
    const database = await open();
    const work = database.transaction(async (transaction) => {
      await openAuditEvent(transaction, createSid("AE"));
      await insertAccountRow(transaction, account);
    });
    await assert.rejects(
      work,
      (error) => error instanceof QueryError && error.constraint === "audit_changes_event",
    );
    assert.equal((await database.query("select from accounts")).length, 0);
  });

  test("the name of the event ends with its transaction", async () => {
    const database = await open();
    await database.transaction(async (transaction) => {
      const sid = createSid("AE");
      await openAuditEvent(transaction, sid);
      await insertAuditEvent(transaction, event(sid));
    });
    await insertAccountRow(database, account);
    assert.equal((await database.query("select from audit_changes")).length, 0);
  });

  test("a change that changes nothing is none, and passwords within addresses are struck out", async () => {
    const database = await open();
    await insertAccountRow(database, account);
    const trunk = createSid("TK");
    await database.query(
      "insert into trunks (sid, account_sid, disaster_recovery_url) values ($1, $2, 'https://u:geheim@h.test/x')",
      [trunk, account],
    );
    const sid = createSid("AE");
    await database.transaction(async (transaction) => {
      await openAuditEvent(transaction, sid);
      await transaction.query("update accounts set friendly_name = friendly_name, date_updated = now()");
      await transaction.query(
        "update trunks set disaster_recovery_url = 'http://Me:streng@h.test:8080/x@y:z@'",
      );
      await insertAuditEvent(transaction, event(sid, { resource_sid: trunk, path_sids: [trunk] }));
    });
    const { rows } = await listAuditEvents(database, { accountSid: account }, { resourceSid: trunk }, whole);
    assert.deepEqual(rows[0]?.changes, [
      {
        resource: "trunks",
        resource_sid: trunk,
        operation: "update",
        account_sids: [account],
        fields: [
          {
            name: "disaster_recovery_url",
            secret: false,
            before: "https://u:***@h.test/x",
            after: "http://Me:***@h.test:8080/x@y:z@",
          },
        ],
      },
    ]);
  });
});
