import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { EntryQueue } from "./entry-queue.ts";
import { gatewayStreamLimits as limits } from "./limits.ts";

function queue() {
  const clock = new HandClock();
  const events: string[] = [];
  const stores: PromiseWithResolvers<void>[] = [];
  const tested = new EntryQueue({
    clock,
    store: (entries) => {
      events.push(`store ${entries.map((entry) => entry.sequence).join(",")}`);
      const store = Promise.withResolvers<void>();
      stores.push(store);
      return store.promise;
    },
    onStored: (sequence) => events.push(`stored ${sequence}`),
    onFull: () => events.push("full"),
    onRoom: () => events.push("room"),
    onFailure: () => events.push("failure"),
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    clock,
    events,
    push: (...sequences: number[]) => tested.push(sequences.map((sequence) => ({ sequence }))),
    succeed: async () => {
      stores.shift()?.resolve();
      await settled();
    },
    fail: async () => {
      stores.shift()?.reject(new Error("away"));
      await settled();
    },
    close: () => tested.close(),
    settled,
  };
}

test("frames are stored one after the other and confirmed by their highest sequence", async () => {
  const { push, succeed, events } = queue();
  push(3, 1, 2);
  push(4);
  assert.deepEqual(events, ["store 3,1,2"]);
  await succeed();
  assert.deepEqual(events, ["store 3,1,2", "stored 3", "store 4"]);
  await succeed();
  push(5);
  assert.deepEqual(events.slice(3), ["stored 4", "store 5"]);
});

test("a frame that was not stored is tried again after the interval, before those behind it", async () => {
  const { push, fail, succeed, clock, settled, events } = queue();
  push(1);
  push(2);
  await fail();
  clock.advance(limits.storeRetryMs - 1);
  await settled();
  assert.deepEqual(events, ["store 1", "failure"]);
  clock.advance(1);
  await settled();
  await succeed();
  assert.deepEqual(events, ["store 1", "failure", "store 1", "stored 1", "store 2"]);
});

test("the limit is told when it is reached and when there is room again", async () => {
  const { push, succeed, events } = queue();
  for (let sequence = 1; sequence < limits.maximumWaitingEntryFrames; sequence += 1) push(sequence);
  assert.equal(events.includes("full"), false);
  push(99);
  assert.equal(events.at(-1), "full");
  await succeed();
  assert.deepEqual(events.slice(-3), ["stored 1", "room", "store 2"]);
  await succeed();
  assert.deepEqual(events.slice(-2), ["stored 2", "store 3"]);
});

test("a closed queue confirms nothing, tries nothing again and takes nothing", async () => {
  const closing = queue();
  closing.push(1);
  closing.push(2);
  closing.close();
  await closing.succeed();
  closing.push(3);
  assert.deepEqual(closing.events, ["store 1"]);
  const retrying = queue();
  retrying.push(1);
  await retrying.fail();
  retrying.close();
  await retrying.settled();
  assert.equal(retrying.clock.pendingTimers, 0);
  retrying.clock.advance(limits.storeRetryMs);
  await retrying.settled();
  assert.deepEqual(retrying.events, ["store 1", "failure"]);
});
