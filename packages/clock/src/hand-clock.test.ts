import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "./hand-clock.ts";

test("time stands still until it is moved, and both clocks move together", () => {
  const clock = new HandClock({ monotonicMs: 10, wallMs: 1_000_000 });
  assert.equal(clock.monotonicMs(), 10);
  assert.equal(clock.wallMs(), 1_000_000);
  clock.advance(2.5);
  assert.equal(clock.monotonicMs(), 12.5);
  assert.equal(clock.wallMs(), 1_000_002.5);
});

test("the default wall clock shows the first of January 2026", () => {
  assert.equal(new Date(new HandClock().wallMs()).toISOString(), "2026-01-01T00:00:00.000Z");
});

test("a timer fires at its time, not before, with its context, once", () => {
  const clock = new HandClock();
  const fired: string[] = [];
  const timer = clock.schedule(500, (name: string) => fired.push(`${name} at ${clock.monotonicMs()}`), "A");
  assert.equal(clock.pendingTimers, 1);
  assert.equal(clock.nextDelayMs, 500);
  clock.advance(499.999);
  assert.deepEqual(fired, []);
  assert.equal(timer.isPending, true);
  clock.advance(0.001);
  assert.deepEqual(fired, ["A at 500"]);
  assert.equal(timer.isPending, false);
  clock.advance(1000);
  assert.equal(fired.length, 1);
  assert.equal(clock.pendingTimers, 0);
  assert.equal(clock.nextDelayMs, undefined);
});

test("timers fire by due time, then by order of scheduling, nested ones in their place", () => {
  const clock = new HandClock();
  const fired: string[] = [];
  const add = (ms: number, name: string) => clock.schedule(ms, () => fired.push(name), undefined);
  add(30, "30 first");
  add(10, "10");
  add(30, "30 second");
  clock.schedule(15, () => add(5, "20 nested"), undefined);
  clock.schedule(15, () => add(16, "31 nested"), undefined);
  clock.advance(30);
  assert.deepEqual(fired, ["10", "20 nested", "30 first", "30 second"]);
  clock.advance(1);
  assert.equal(fired.at(-1), "31 nested");
});

test("a delay of 0 or less fires with the next advance, not at once", () => {
  const clock = new HandClock();
  let fired = 0;
  clock.schedule(0, () => fired++, undefined);
  clock.schedule(-5, () => fired++, undefined);
  assert.equal(fired, 0);
  assert.equal(clock.nextDelayMs, 0, "the negative delay counts as 0");
  clock.advance(0);
  assert.equal(fired, 2);
  assert.equal(clock.monotonicMs(), 0);
});

test("a delay that is no number is refused", () => {
  const clock = new HandClock();
  for (const delay of [Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => clock.schedule(delay, () => undefined, undefined), RangeError);
  }
  assert.equal(clock.pendingTimers, 0);
});

test("cancel is idempotent and takes only its own timer", () => {
  const clock = new HandClock();
  const fired: string[] = [];
  const first = clock.schedule(10, () => fired.push("first"), undefined);
  clock.schedule(10, () => fired.push("second"), undefined);
  first.cancel();
  first.cancel();
  assert.equal(first.isPending, false);
  assert.equal(clock.pendingTimers, 1);
  clock.advance(10);
  first.cancel();
  assert.deepEqual(fired, ["second"]);
});

test("an error in a timer comes out of advance after the others have fired", () => {
  const clock = new HandClock();
  const fired: string[] = [];
  const broken = new Error("broken");
  clock.schedule(
    1,
    () => {
      throw broken;
    },
    undefined,
  );
  clock.schedule(2, () => fired.push("second"), undefined);
  assert.throws(() => clock.advance(5), broken);
  assert.deepEqual(fired, ["second"]);
  assert.equal(clock.monotonicMs(), 5);
});

test("stall: time passes, what is overdue fires late and sees how late it is", () => {
  const clock = new HandClock();
  const fired: number[] = [];
  clock.schedule(10, () => fired.push(clock.monotonicMs()), undefined);
  clock.stall(25);
  assert.deepEqual(fired, []);
  assert.equal(clock.monotonicMs(), 25);
  clock.advance(0);
  assert.deepEqual(fired, [25]);
});
