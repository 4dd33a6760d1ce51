import assert from "node:assert/strict";
import { test } from "node:test";
import { AwaitedStore } from "./awaited-store.ts";
import type { LedgerOperation } from "./ledger-messages.ts";

const alert: LedgerOperation = { kind: "alert", text: "{}" };

function scene(first: string | undefined) {
  const disk = { failure: first, opened: 0, done: [] as string[] };
  const opened = {
    commit: (operations: readonly LedgerOperation[]) => void disk.done.push(`commit ${operations.length}`),
    journal: () => [{ callSid: "CA1", text: "{}" }],
    read: (after: number, limit: number) => ({
      firstSequence: after + 1,
      lastSequence: after + limit,
      text: "[]",
    }),
    counts: () => ({ outbox: 2, journal: 1 }),
    checkpoint: () => void disk.done.push("checkpoint"),
    close: () => void disk.done.push("close"),
  };
  const store = () =>
    new AwaitedStore(
      () => {
        if (disk.failure !== undefined) throw new Error(disk.failure);
        disk.opened += 1;
        return opened;
      },
      (error) => error instanceof Error && error.message === "full",
    );
  return { disk, store };
}

test("with room it is open at once, and hands everything on", () => {
  const { disk, store } = scene(undefined);
  const open = store();
  open.reopen();
  assert.equal(disk.opened, 1);
  assert.deepEqual(open.journal(), [{ callSid: "CA1", text: "{}" }]);
  assert.deepEqual(open.counts(), { outbox: 2, journal: 1 });
  assert.deepEqual(open.read(3, 2), { firstSequence: 4, lastSequence: 5, text: "[]" });
  open.commit([alert]);
  open.checkpoint();
  open.close();
  assert.deepEqual(disk.done, ["commit 1", "checkpoint", "close"]);
});

test("without room it is empty and refuses, until there is some", () => {
  const { disk, store } = scene("full");
  const open = store();
  assert.deepEqual(open.journal(), []);
  assert.deepEqual(open.counts(), { outbox: 0, journal: 0 });
  assert.equal(open.read(0, 10), undefined);
  open.checkpoint();
  assert.throws(() => open.commit([alert]), /full/);
  assert.throws(() => open.reopen(), /full/);
  disk.failure = undefined;
  open.commit([alert]);
  assert.deepEqual(open.counts(), { outbox: 2, journal: 1 });
  open.reopen();
  assert.equal(disk.opened, 1, "opened once");
  assert.deepEqual(disk.done, ["commit 1"]);
});

test("one that was never open is closed in silence", () => {
  const { disk, store } = scene("full");
  store().close();
  assert.deepEqual(disk.done, []);
});

test("what is no lack of room is thrown", () => {
  assert.throws(scene("locked").store, /locked/);
});
