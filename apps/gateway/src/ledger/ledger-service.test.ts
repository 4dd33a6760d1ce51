import assert from "node:assert/strict";
import { test } from "node:test";
import { maximumWaitingOperations } from "./ledger-committer.ts";
import type { LedgerOperation, LedgerReply } from "./ledger-messages.ts";
import { LedgerService, noBatch } from "./ledger-service.ts";
import { encodeOperation } from "./operation-codec.ts";

class StoreDouble {
  failure: string | undefined;
  openFailure: string | undefined;
  readonly done: string[] = [];

  reopen(): void {
    if (this.openFailure !== undefined) throw new Error(this.openFailure);
  }
  commit(operations: readonly LedgerOperation[]): void {
    this.#perform(`commit ${operations.length}`);
  }
  journal(): { callSid: string; text: string }[] {
    return [{ callSid: "CA1", text: "{}" }];
  }
  read(afterSequence: number, limit: number): { firstSequence: number; lastSequence: number; text: string } {
    this.#perform(`read ${afterSequence} ${limit}`);
    return { firstSequence: 4, lastSequence: 5, text: "[]" };
  }
  counts(): { outbox: number; journal: number } {
    return { outbox: 2, journal: 1 };
  }
  checkpoint(): void {
    this.#perform("checkpoint");
  }
  close(): void {
    this.#perform("close");
  }

  #perform(what: string): void {
    if (this.failure !== undefined) throw new Error(this.failure);
    this.done.push(what);
  }
}

function scripted(): { store: StoreDouble; replies: LedgerReply[]; service: LedgerService } {
  const store = new StoreDouble();
  const replies: LedgerReply[] = [];
  return { store, replies, service: new LedgerService(store, (reply) => replies.push(reply)) };
}

const alert = encodeOperation({ kind: "alert", text: "{}" });
const healthy = { isDegraded: false, error: undefined, lost: 0, outbox: 2, journal: 1 };
const degraded = { isDegraded: true, error: "disk full", lost: 0, outbox: 2, journal: 1 };

test("opening tells the journal and the size of the outbox", () => {
  const { service, replies } = scripted();
  service.open();
  assert.deepEqual(replies, [
    { kind: "opened", journal: [{ callSid: "CA1", text: "{}" }], outbox: 2, error: undefined },
  ]);
});

test("a disk without room at the start is told with the opening, and once a second until there is some", () => {
  const { service, replies, store } = scripted();
  store.openFailure = "disk full";
  service.open();
  assert.equal((replies.splice(0)[0] as { error?: string }).error, "disk full");
  service.tick();
  assert.deepEqual(replies.splice(0), [{ kind: "committed", batch: noBatch, ...degraded }]);
  store.openFailure = undefined;
  service.tick();
  assert.deepEqual(
    replies.splice(0),
    [{ kind: "committed", batch: noBatch, ...healthy }],
    "without a commit",
  );
  service.tick();
  assert.deepEqual(replies, []);
});

test("a commit is confirmed with its batch and the counts after it", () => {
  const { service, replies, store } = scripted();
  service.handle({ kind: "commit", batch: 7, operations: alert + alert });
  assert.deepEqual(store.done, ["commit 2"]);
  assert.deepEqual(replies, [{ kind: "committed", batch: 7, ...healthy }]);
});

test("a disk that refuses is reported with the batch, and tried again once a second", () => {
  const { service, replies, store } = scripted();
  store.failure = "disk full";
  service.handle({ kind: "commit", batch: 7, operations: alert });
  assert.deepEqual(replies.splice(0), [{ kind: "committed", batch: 7, ...degraded }]);
  service.tick();
  assert.deepEqual(replies.splice(0)[0], { kind: "committed", batch: noBatch, ...degraded });
  store.failure = undefined;
  service.tick();
  assert.deepEqual(replies, [{ kind: "committed", batch: noBatch, ...healthy }]);
  assert.deepEqual(store.done, ["commit 1", "checkpoint"]);
});

test("what was given up because too much waited is told, also when the disk is well again", () => {
  const { service, replies, store } = scripted();
  store.failure = "disk full";
  service.handle({ kind: "commit", batch: 7, operations: alert.repeat(maximumWaitingOperations + 1) });
  const error = "disk full; 1 operations were given up";
  assert.deepEqual(replies.splice(0), [{ kind: "committed", batch: 7, ...degraded, error, lost: 1 }]);
  store.failure = undefined;
  service.tick();
  assert.deepEqual(replies, [{ kind: "committed", batch: noBatch, ...healthy, lost: 1 }]);
});

test("a checkpoint is made when something was committed since the last, and again when it failed", () => {
  const { service, replies, store } = scripted();
  service.tick();
  assert.deepEqual(store.done, []);
  service.handle({ kind: "commit", batch: 1, operations: alert });
  replies.length = 0;
  store.failure = "disk full";
  service.tick();
  assert.deepEqual(replies, [{ kind: "committed", batch: noBatch, ...degraded }]);
  service.handle({ kind: "commit", batch: 2, operations: "" });
  assert.deepEqual(replies.splice(1), [{ kind: "committed", batch: 2, ...degraded }], "still not safe");
  store.failure = undefined;
  replies.length = 0;
  service.tick();
  assert.deepEqual(
    replies.splice(0),
    [{ kind: "committed", batch: noBatch, ...healthy }],
    "without a commit",
  );
  service.tick();
  assert.deepEqual(replies, []);
  assert.deepEqual(store.done, ["commit 1", "checkpoint"]);
});

test("a read is answered under its number; one that fails has no entries and is reported", () => {
  const { service, replies, store } = scripted();
  service.handle({ kind: "read", id: 3, afterSequence: 3, limit: 500 });
  const batch = { firstSequence: 4, lastSequence: 5, text: "[]" };
  assert.deepEqual(replies.splice(0), [{ kind: "entries", id: 3, batch }]);
  assert.deepEqual(store.done, ["read 3 500"]);
  store.failure = "disk full";
  service.handle({ kind: "read", id: 4, afterSequence: 3, limit: 500 });
  assert.deepEqual(replies, [
    { kind: "entries", id: 4, batch: undefined },
    { kind: "committed", batch: noBatch, ...degraded },
  ]);
  replies.length = 0;
  service.handle({ kind: "read", id: 5, afterSequence: 3, limit: 500 });
  assert.deepEqual(replies.splice(0), [{ kind: "entries", id: 5, batch: undefined }], "said already");
  service.tick();
  assert.deepEqual(
    replies.splice(0),
    [{ kind: "committed", batch: noBatch, ...degraded }],
    "so it is tried again",
  );
  store.failure = undefined;
  service.handle({ kind: "read", id: 6, afterSequence: 3, limit: 500 });
  assert.deepEqual(replies.splice(0), [
    { kind: "entries", id: 6, batch },
    { kind: "committed", batch: noBatch, ...healthy },
  ]);
  service.tick();
  assert.deepEqual(replies, []);
});

test("closing tries what waits for the last time, closes the store, and says so even when that fails", () => {
  const { service, replies, store } = scripted();
  store.failure = "disk full";
  service.handle({ kind: "commit", batch: 1, operations: alert });
  store.failure = undefined;
  replies.length = 0;
  service.handle({ kind: "close" });
  assert.deepEqual(store.done, ["commit 1", "close"]);
  assert.deepEqual(replies, [{ kind: "closed" }]);

  const broken = scripted();
  broken.store.failure = "disk full";
  broken.service.handle({ kind: "commit", batch: 1, operations: alert });
  broken.service.handle({ kind: "close" });
  assert.deepEqual(broken.replies.at(-1), { kind: "closed" });
  assert.equal(broken.replies.filter((reply) => reply.kind === "committed" && reply.isDegraded).length, 3);
});
