import assert from "node:assert/strict";
import { test } from "node:test";
import type { Alert, CallRecord } from "@tandem/contracts";
import { createSid, type Database } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { RecordTally } from "../src/records/record-tally.ts";
import { storeEntries } from "../src/records/store-entries.ts";
import { alert, callRecord } from "./call-record-samples.ts";

function recordEntry(sequence: number, record: CallRecord) {
  return { sequence, kind: "call-record", record } as const;
}

function alertEntry(sequence: number, given: Alert) {
  return { sequence, kind: "alert", alert: given } as const;
}

async function sidsOf(database: Database, table: string): Promise<string[]> {
  const rows = await database.query<{ sid: string }>(`select sid from ${table} order by sequence`);
  return rows.map((row) => row.sid);
}

async function quarantine(
  database: Database,
): Promise<readonly { entry_sequence: number; error: string; entry: string }[]> {
  return database.query("select entry_sequence, error, entry from quarantined_entries order by sequence");
}

describeOnBothEngines("intake of outbox entries", (open) => {
  test("a call record becomes a call with its attempts, in columns and as it was", async () => {
    const database = await open();
    const record = callRecord({ setupAtMs: 1000, answeredAtMs: 2500, releasedAtMs: 64_501 });
    assert.deepEqual(await storeEntries(database, "gw-1", [recordEntry(1, record)]), {
      stored: 1,
      quarantined: 0,
    });
    const [call] = await database.query("select * from calls");
    assert.ok(call);
    assert.deepEqual(call["record"], record);
    const { sid, account_sid, trunk_sid, carrier_sid, direction, status, calling_number, called_number } =
      call;
    assert.deepEqual(
      { sid, account_sid, trunk_sid, carrier_sid, direction, status, calling_number, called_number },
      {
        sid: record.sid,
        account_sid: record.accountSid,
        trunk_sid: record.trunkSid,
        carrier_sid: record.carrierSid,
        direction: "termination",
        status: "completed",
        calling_number: "+14155550100",
        called_number: "+442079460000",
      },
    );
    assert.deepEqual(call["start_time"], new Date(1000));
    assert.deepEqual(call["answer_time"], new Date(2500));
    assert.deepEqual(call["end_time"], new Date(64_501));
    assert.equal(call["duration_seconds"], 63, "62.001 s count as 63");
    const attempts = await database.query(
      "select index, result, status_code, attempt from call_attempts order by index",
    );
    assert.deepEqual(attempts, [
      { index: 0, result: "failed", status_code: 503, attempt: record.attempts[0] },
      { index: 1, result: "answered", status_code: 200, attempt: record.attempts[1] },
    ]);
  });

  test("every column has its own field of the record", async () => {
    const database = await open();
    const base = callRecord();
    const record = callRecord({
      direction: "origination",
      gateway: "what-it-says",
      edge: "london-ix",
      phoneNumberSid: createSid("PN"),
      ingressSipCallId: "in@a",
      egressSipCallId: "out@b",
      statusCode: 486,
      q850Cause: 17,
      reason: { code: 32_011, text: "why" },
      attempts: base.attempts.map((attempt, place) => ({
        ...attempt,
        url: `sip:${place}.test`,
        edge: `edge-${place}`,
        statusCode: 500 + place,
        q850Cause: 40 + place,
        reason: { code: 32_100 + place, text: "t" },
        startedAtMs: 1000 + place,
        endedAtMs: 2000 + place,
      })),
    });
    await storeEntries(database, "gw-authenticated", [recordEntry(1, record)]);
    const [call] = await database.query(
      `select gateway, edge, phone_number_sid, ingress_sip_call_id, egress_sip_call_id, status_code, reason_code,
         direction, parent_call_sid from calls`,
    );
    assert.deepEqual(call, {
      gateway: "gw-authenticated",
      edge: "london-ix",
      phone_number_sid: record.phoneNumberSid,
      ingress_sip_call_id: "in@a",
      egress_sip_call_id: "out@b",
      status_code: 486,
      reason_code: 32_011,
      direction: "origination",
      parent_call_sid: null,
    });
    const attempts = await database.query(
      `select call_sid, candidate_sid, carrier_sid, url, edge, status_code, q850_cause, reason_code, started_at,
         ended_at from call_attempts order by index`,
    );
    assert.deepEqual(
      attempts,
      record.attempts.map((attempt, place) => ({
        call_sid: record.sid,
        candidate_sid: attempt.candidateSid,
        carrier_sid: attempt.carrierSid,
        url: `sip:${place}.test`,
        edge: `edge-${place}`,
        status_code: 500 + place,
        q850_cause: 40 + place,
        reason_code: 32_100 + place,
        started_at: new Date(1000 + place),
        ended_at: new Date(2000 + place),
      })),
    );
  });

  test("attempts with one index in a record, and alerts of one SID in a frame, are stored once", async () => {
    const database = await open();
    const base = callRecord();
    const [first] = base.attempts;
    assert.ok(first);
    const record = { ...base, attempts: [first, { ...first, url: "sip:again.test" }] };
    const given = alert();
    const entries = [recordEntry(1, record), alertEntry(2, given), alertEntry(3, given)];
    assert.deepEqual(await storeEntries(database, "gw-1", entries), { stored: 3, quarantined: 0 });
    assert.deepEqual(await database.query("select url from call_attempts"), [{ url: first.url }]);
    assert.deepEqual(await sidsOf(database, "alerts"), [given.sid]);
  });

  test("the same bad entry of two gateways is kept for both", async () => {
    const database = await open();
    for (const gateway of ["gw-1", "gw-2", "gw-1"])
      await storeEntries(database, gateway, [{ sequence: 3, kind: "surprise" } as { sequence: number }]);
    assert.deepEqual(await database.query("select gateway from quarantined_entries order by sequence"), [
      { gateway: "gw-1" },
      { gateway: "gw-2" },
    ]);
  });

  test("durations are whole seconds, rounded up, 0 without an answer", async () => {
    const database = await open();
    const cases: [number | null, number | null, number][] = [
      [null, 9000, 0],
      [1000, null, 0],
      [1000, 1000, 0],
      [1000, 1001, 1],
      [1000, 2000, 1],
      [1000, 2001, 2],
      [2000, 1000, 0],
    ];
    await storeEntries(
      database,
      "gw-1",
      cases.map(([answeredAtMs, releasedAtMs], place) =>
        recordEntry(place, callRecord({ answeredAtMs, releasedAtMs })),
      ),
    );
    const rows = await database.query<{ duration_seconds: number }>(
      "select duration_seconds from calls order by sequence",
    );
    assert.deepEqual(
      rows.map((row) => row.duration_seconds),
      cases.map(([, , expected]) => expected),
    );
  });

  test("an alert is stored with the gateway that sent it", async () => {
    const database = await open();
    const given = alert({ atMs: 1234 });
    await storeEntries(database, "gw-1", [alertEntry(1, given)]);
    const rows = await database.query(
      "select sid, account_sid, trunk_sid, call_sid, gateway, code, level, alert_text, date_generated from alerts",
    );
    assert.deepEqual(rows, [
      {
        sid: given.sid,
        account_sid: given.accountSid,
        trunk_sid: given.trunkSid,
        call_sid: given.callSid,
        gateway: "gw-1",
        code: given.code,
        level: given.level,
        alert_text: given.text,
        date_generated: new Date(1234),
      },
    ]);
  });

  test("what is delivered twice is stored once, and the first delivery stays", async () => {
    const database = await open();
    const record = callRecord();
    const given = alert();
    await storeEntries(database, "gw-1", [recordEntry(1, record), alertEntry(2, given)]);
    const again = {
      ...record,
      status: "failed" as const,
      attempts: [...record.attempts, { ...record.attempts[0], index: 7 }],
    } as CallRecord;
    const tally = new RecordTally({ wallMs: () => given.atMs });
    const fresh = alert();
    const result = await storeEntries(
      database,
      "gw-1",
      [recordEntry(1, again), recordEntry(1, again), alertEntry(2, given), alertEntry(3, fresh)],
      tally,
    );
    assert.deepEqual(result, { stored: 4, quarantined: 0 });
    assert.equal(tally.duplicates, 3);
    assert.deepEqual(
      [...tally.alerts.values()].map(({ count }) => count),
      [1],
    );
    assert.deepEqual(await sidsOf(database, "calls"), [record.sid]);
    assert.deepEqual(await sidsOf(database, "alerts"), [given.sid, fresh.sid]);
    assert.deepEqual(await database.query("select status from calls"), [{ status: "completed" }]);
    assert.equal((await database.query("select 1 from call_attempts")).length, 2);
  });

  test("malformed entries go into quarantine once and the others are stored, in order", async () => {
    const database = await open();
    const first = callRecord();
    const last = callRecord();
    const { status: _, ...withoutStatus } = callRecord();
    const entries = [
      recordEntry(1, first),
      { sequence: 2, kind: "call-record", record: withoutStatus },
      { sequence: 3, kind: "surprise" },
      recordEntry(4, last),
    ];
    assert.deepEqual(await storeEntries(database, "gw-1", entries), { stored: 2, quarantined: 2 });
    assert.deepEqual(await sidsOf(database, "calls"), [first.sid, last.sid]);
    await storeEntries(database, "gw-1", entries);
    const rows = await quarantine(database);
    assert.deepEqual(
      rows.map((row) => row.entry_sequence),
      [2, 3],
    );
    assert.deepEqual(JSON.parse(rows[1]?.entry ?? ""), { sequence: 3, kind: "surprise" });
    assert.notEqual(rows[0]?.error, "");
  });

  const refusedByDatabase: [what: string, record: CallRecord][] = [
    ["a NUL character", callRecord({ callingNumber: "a\0b" })],
    ["a lone surrogate", callRecord({ callingNumber: "a\ud800b" })],
    ["a SID that is none", callRecord({ sid: "CA1" })],
    ["a number that is no 32-bit integer", callRecord({ statusCode: 2 ** 40 })],
    ["a time outside of all calendars", callRecord({ setupAtMs: 1e300 })],
    ["a text too long for an index", callRecord({ accountSid: randomText(20_000) })],
  ];

  for (const [what, record] of refusedByDatabase) {
    test(`an entry that the database refuses (${what}) is kept in quarantine and alone`, async () => {
      const database = await open();
      const before = callRecord();
      const after = callRecord();
      const given = alert();
      const result = await storeEntries(database, "gw-1", [
        recordEntry(1, before),
        recordEntry(2, record),
        alertEntry(3, given),
        recordEntry(4, after),
      ]);
      assert.deepEqual(result, { stored: 3, quarantined: 1 });
      assert.deepEqual(await sidsOf(database, "calls"), [before.sid, after.sid]);
      assert.deepEqual(await sidsOf(database, "alerts"), [given.sid]);
      const [row] = await quarantine(database);
      assert.equal(row?.entry_sequence, 2);
      assert.match(row?.error ?? "", /^[0-9A-Z]{5}: /);
      assert.deepEqual(JSON.parse(row?.entry ?? ""), recordEntry(2, record));
    });
  }

  test("a database that cannot be reached is an error: nothing is confirmed", async () => {
    const database = await open();
    await database.close();
    await assert.rejects(storeEntries(database, "gw-1", [recordEntry(1, callRecord())]), { code: "08000" });
  });

  test("five hundred records go in as one", async () => {
    const database = await open();
    const entries = Array.from({ length: 500 }, (_, place) => recordEntry(place, callRecord()));
    assert.deepEqual(await storeEntries(database, "gw-1", entries), { stored: 500, quarantined: 0 });
    assert.deepEqual(
      await sidsOf(database, "calls"),
      entries.map((entry) => entry.record.sid),
    );
    assert.equal((await database.query("select 1 from call_attempts")).length, 1000);
  });
});

function randomText(length: number): string {
  let text = "";
  while (text.length < length) text += createSid("");
  return text.slice(0, length);
}
