import assert from "node:assert/strict";
import { test } from "node:test";
import { LedgerCommitter, maximumWaitingOperations, retryPortion } from "./ledger-committer.ts";
import type { LedgerOperation } from "./ledger-messages.ts";

class DiskDouble {
  readonly taken: LedgerOperation[] = [];
  failure: string | undefined;
  commits = 0;
  /** Operations until it is full. */
  room = Number.POSITIVE_INFINITY;

  commit(operations: readonly LedgerOperation[]): void {
    this.commits += 1;
    if (this.failure !== undefined) throw new Error(this.failure);
    if (operations.length > this.room) throw new Error("full");
    this.room -= operations.length;
    this.taken.push(...operations);
  }
}

const journal = (callSid: string): LedgerOperation => ({ kind: "journal", callSid, text: "{}" });
const finish = (callSid: string): LedgerOperation => ({ kind: "finish", callSid, text: "{}" });

function namesOf(operations: readonly LedgerOperation[]): string {
  return operations.map((one) => `${one.kind} ${"callSid" in one ? one.callSid : ""}`.trim()).join(", ");
}

test("a healthy disk takes each batch at once", () => {
  const disk = new DiskDouble();
  const committer = new LedgerCommitter(disk);
  assert.deepEqual(committer.commit([journal("CA1")]), { isDegraded: false, error: undefined });
  assert.equal(namesOf(disk.taken), "journal CA1");
  committer.commit([]);
  assert.equal(disk.commits, 1, "nothing to do is no work for the disk");
});

test("what a full disk refuses waits in order and goes when it is tried again", () => {
  const disk = new DiskDouble();
  const committer = new LedgerCommitter(disk);
  disk.failure = "database or disk is full";
  assert.deepEqual(committer.commit([journal("CA1")]), {
    isDegraded: true,
    error: "database or disk is full",
  });
  assert.equal(committer.isDegraded, true);
  disk.failure = undefined;
  assert.equal(committer.commit([finish("CA1")]).isDegraded, true, "still waiting: order is kept");
  assert.equal(disk.commits, 1, "only retry asks the disk again");
  assert.deepEqual(committer.retry(), { isDegraded: false, error: undefined });
  assert.equal(namesOf(disk.taken), "journal CA1, finish CA1");
  assert.equal(committer.isDegraded, false);
  assert.equal(committer.commit([journal("CA2")]).isDegraded, false);
  assert.equal(committer.lost, 0);
});

test("a retry that fails keeps everything for the next", () => {
  const disk = new DiskDouble();
  const committer = new LedgerCommitter(disk);
  disk.failure = "full";
  committer.commit([finish("CA1"), finish("CA2")]);
  assert.deepEqual(committer.retry(), { isDegraded: true, error: "full" });
  disk.failure = undefined;
  committer.retry();
  assert.equal(namesOf(disk.taken), "finish CA1, finish CA2");
});

test("a retry goes in portions: what there is room for is on disk, the rest waits in order", () => {
  const disk = new DiskDouble();
  const committer = new LedgerCommitter(disk);
  disk.failure = "full";
  const all = Array.from({ length: 2 * retryPortion + 1 }, (_, index) => finish(`CA${index}`));
  committer.commit(all);
  disk.failure = undefined;
  disk.room = 2 * retryPortion;
  assert.deepEqual(committer.retry(), { isDegraded: true, error: "full" });
  assert.equal(namesOf(disk.taken), namesOf(all.slice(0, -1)));
  assert.deepEqual(committer.outcome, { isDegraded: true, error: "full" });
  disk.room = 1;
  assert.deepEqual(committer.retry(), { isDegraded: false, error: undefined });
  assert.equal(namesOf(disk.taken), namesOf(all));
  assert.deepEqual(committer.outcome, { isDegraded: false, error: undefined });
});

test("what control has stored goes first when the disk is tried again: it makes room", () => {
  const disk = new DiskDouble();
  const committer = new LedgerCommitter(disk);
  disk.failure = "full";
  const stored = (sequence: number): LedgerOperation => ({ kind: "stored", sequence });
  committer.commit([finish("CA1"), stored(7), journal("CA2"), stored(9), finish("CA2")]);
  disk.failure = undefined;
  committer.retry();
  assert.deepEqual(disk.taken, [stored(9), finish("CA1"), journal("CA2"), finish("CA2")]);
});

test("the queue holds as much as its limit; one more costs the oldest journal entry", () => {
  const disk = new DiskDouble();
  const committer = new LedgerCommitter(disk, 3);
  disk.failure = "full";
  assert.equal(committer.commit([finish("CA1"), journal("CA2"), journal("CA3")]).error, "full");
  assert.equal(committer.lost, 0);
  assert.equal(committer.commit([finish("CA4")]).error, "full; 1 operations were given up");
  assert.equal(committer.lost, 1);
  disk.failure = undefined;
  committer.retry();
  assert.equal(namesOf(disk.taken), "finish CA1, journal CA3, finish CA4");
});

test("without journal entries the oldest of the rest are given up", () => {
  const disk = new DiskDouble();
  const committer = new LedgerCommitter(disk, 2);
  disk.failure = "full";
  committer.commit([finish("CA1"), journal("CA2"), finish("CA3"), finish("CA4"), finish("CA5")]);
  assert.equal(committer.lost, 3);
  disk.failure = undefined;
  committer.retry();
  assert.equal(namesOf(disk.taken), "finish CA4, finish CA5");
});

test("the default limit is 50 000 operations", () => {
  const disk = new DiskDouble();
  const committer = new LedgerCommitter(disk);
  disk.failure = "full";
  committer.commit(Array.from({ length: maximumWaitingOperations }, () => finish("CA1")));
  assert.equal(maximumWaitingOperations, 50_000);
  assert.equal(committer.lost, 0);
  committer.commit([finish("CA2")]);
  assert.equal(committer.lost, 1);
});
