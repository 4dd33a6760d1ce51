import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { LedgerStore } from "./ledger-store.ts";

function fileFor(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "ledger-store-"));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, "ledger.sqlite");
}

function storeFor(context: TestContext): LedgerStore {
  const store = new LedgerStore(fileFor(context));
  context.after(() => store.close());
  return store;
}

test("a journal entry is put, replaced and read back in order of its call", (context) => {
  const store = storeFor(context);
  store.commit([
    { kind: "journal", callSid: "CA2", text: '{"b":1}' },
    { kind: "journal", callSid: "CA1", text: '{"a":1}' },
    { kind: "journal", callSid: "CA1", text: '{"a":2}' },
  ]);
  assert.deepEqual(store.journal(), [
    { callSid: "CA1", text: '{"a":2}' },
    { callSid: "CA2", text: '{"b":1}' },
  ]);
  assert.deepEqual(store.counts(), { outbox: 0, journal: 2 });
});

test("finish takes the journal entry away and adds the record", (context) => {
  const store = storeFor(context);
  store.commit([
    { kind: "journal", callSid: "CA1", text: "{}" },
    { kind: "journal", callSid: "CA2", text: "{}" },
  ]);
  store.commit([{ kind: "finish", callSid: "CA1", text: '{"sid":"CA1"}' }]);
  assert.deepEqual(
    store.journal().map((entry) => entry.callSid),
    ["CA2"],
  );
  assert.deepEqual(store.read(0, 10), {
    firstSequence: 1,
    lastSequence: 1,
    text: '[{"sequence":1,"kind":"call-record","record":{"sid":"CA1"}}]',
  });
  assert.deepEqual(store.counts(), { outbox: 1, journal: 1 });
});

test("finish-leg takes the journal entry away and adds the leg record", (context) => {
  const store = storeFor(context);
  store.commit([{ kind: "journal", callSid: "CA1/0-ab", text: "{}" }]);
  store.commit([
    { kind: "finish-leg", callSid: "CA1/0-ab", text: '{"callSid":"CA1"}' },
    { kind: "alert", text: '{"sid":"NO1"}' },
  ]);
  assert.deepEqual(store.journal(), []);
  assert.equal(
    store.read(0, 10)?.text,
    '[{"sequence":1,"kind":"leg-record","leg":{"callSid":"CA1"}},{"sequence":2,"kind":"alert","alert":{"sid":"NO1"}}]',
  );
  assert.deepEqual(store.counts(), { outbox: 2, journal: 0 });
});

test("forget takes the journal entry away and adds nothing", (context) => {
  const store = storeFor(context);
  store.commit([
    { kind: "journal", callSid: "CA1", text: "{}" },
    { kind: "forget", callSid: "CA1" },
  ]);
  assert.deepEqual(store.journal(), []);
  assert.deepEqual(store.counts(), { outbox: 0, journal: 0 });
});

test("entries are read in order, after a sequence, up to a limit, ready for the stream", (context) => {
  const store = storeFor(context);
  assert.equal(store.read(0, 10), undefined);
  store.commit([
    { kind: "alert", text: '{"n":1}' },
    { kind: "finish", callSid: "CA1", text: '{"n":2}' },
    { kind: "alert", text: '{"n":3}' },
  ]);
  assert.deepEqual(JSON.parse(store.read(0, 2)?.text ?? ""), [
    { sequence: 1, kind: "alert", alert: { n: 1 } },
    { sequence: 2, kind: "call-record", record: { n: 2 } },
  ]);
  const rest = store.read(2, 2);
  assert.deepEqual([rest?.firstSequence, rest?.lastSequence], [3, 3]);
  assert.equal(store.read(3, 2), undefined);
});

test("stored removes up to and including the sequence, and sequences are never used again", (context) => {
  const store = storeFor(context);
  const alert = { kind: "alert", text: "{}" } as const;
  store.commit([alert, alert, alert]);
  store.commit([{ kind: "stored", sequence: 2 }]);
  assert.equal(store.read(0, 10)?.firstSequence, 3);
  assert.equal(store.counts().outbox, 1);
  store.commit([{ kind: "stored", sequence: 3 }, alert]);
  assert.equal(store.read(0, 10)?.firstSequence, 4);
  assert.equal(store.counts().outbox, 1);
  store.commit([{ kind: "stored", sequence: 3 }]);
  assert.equal(store.counts().outbox, 1);
});

test("a commit that fails in the middle leaves nothing behind and counts nothing", (context) => {
  const store = storeFor(context);
  store.commit([{ kind: "journal", callSid: "CA1", text: "{}" }]);
  const broken = { kind: "alert", text: null as unknown as string } as const;
  assert.throws(() =>
    store.commit([
      { kind: "finish", callSid: "CA1", text: "{}" },
      { kind: "journal", callSid: "CA2", text: "{}" },
      broken,
    ]),
  );
  assert.deepEqual(
    store.journal().map((entry) => entry.callSid),
    ["CA1"],
  );
  assert.equal(store.read(0, 10), undefined);
  assert.deepEqual(store.counts(), { outbox: 0, journal: 1 });
  store.commit([{ kind: "alert", text: "{}" }]);
  assert.deepEqual(store.counts(), { outbox: 1, journal: 1 });
});

test("everything, the counts too, is there when the file is opened again", (context) => {
  const file = fileFor(context);
  const first = new LedgerStore(file);
  first.commit([
    { kind: "journal", callSid: "CA1", text: '{"up":true}' },
    { kind: "alert", text: "{}" },
    { kind: "alert", text: "{}" },
  ]);
  first.checkpoint();
  first.close();
  const second = new LedgerStore(file);
  context.after(() => second.close());
  assert.deepEqual(second.journal(), [{ callSid: "CA1", text: '{"up":true}' }]);
  assert.deepEqual(second.counts(), { outbox: 2, journal: 1 });
});

test("the database and its write-ahead log are readable by nobody else, even where they were", (context) => {
  const file = fileFor(context);
  new LedgerStore(file).close();
  chmodSync(file, 0o644);
  const store = new LedgerStore(file);
  context.after(() => store.close());
  store.commit([{ kind: "alert", text: "{}" }]);
  for (const path of [file, `${file}-wal`]) assert.equal(statSync(path).mode & 0o777, 0o600, path);
});

test("a second owner is refused", (context) => {
  const file = fileFor(context);
  const store = new LedgerStore(file);
  context.after(() => store.close());
  assert.throws(() => new LedgerStore(file), /locked/);
});

test("a file that is no database is refused", (context) => {
  const file = fileFor(context);
  writeFileSync(file, "no database at all, but long enough to be looked at as one".repeat(20));
  assert.throws(() => new LedgerStore(file), /not a database/);
});
