import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "./hand-clock.ts";
import { sleep } from "./sleep.ts";

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol("pending");
  return (await Promise.race([promise.catch(() => undefined), Promise.resolve(pending)])) !== pending;
}

test("sleep resolves when the time has passed and not before", async () => {
  const clock = new HandClock();
  const sleeping = sleep(clock, 100);
  clock.advance(99);
  assert.equal(await isSettled(sleeping), false);
  clock.advance(1);
  await sleeping;
});

test("an abort wakes the sleeper with the signal's reason and takes the timer away", async () => {
  const clock = new HandClock();
  const controller = new AbortController();
  const reason = new Error("going home");
  const sleeping = sleep(clock, 100, controller.signal);
  assert.equal(clock.pendingTimers, 1);
  controller.abort(reason);
  await assert.rejects(sleeping, reason);
  assert.equal(clock.pendingTimers, 0);
});

test("a signal that is aborted already lets nobody sleep", async () => {
  const clock = new HandClock();
  const reason = new Error("too late");
  await assert.rejects(sleep(clock, 100, AbortSignal.abort(reason)), reason);
  assert.equal(clock.pendingTimers, 0);
});

test("after waking up nothing listens to the signal any more", async () => {
  const clock = new HandClock();
  const { signal } = new AbortController();
  const events: string[] = [];
  const remove = signal.removeEventListener.bind(signal);
  signal.removeEventListener = (...parameters: Parameters<typeof remove>) => {
    events.push(parameters[0]);
    remove(...parameters);
  };
  const sleeping = sleep(clock, 100, signal);
  clock.advance(100);
  await sleeping;
  assert.deepEqual(events, ["abort"]);
});
