import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { GuardedClock } from "./guarded-clock.ts";

test("time and timers are those of the clock behind it", () => {
  const clock = new HandClock({ monotonicMs: 7 });
  const guarded = new GuardedClock(clock, () => assert.fail());
  assert.equal(guarded.monotonicMs(), 7);
  assert.equal(guarded.wallMs(), clock.wallMs());
  const fired: string[] = [];
  guarded.schedule(10, (name) => fired.push(name), "one");
  const cancelled = guarded.schedule(10, (name) => fired.push(name), "two");
  cancelled.cancel();
  clock.advance(9);
  assert.deepEqual(fired, []);
  clock.advance(1);
  assert.deepEqual(fired, ["one"]);
});

test("what a timer throws is told, and goes no further", () => {
  const clock = new HandClock();
  const faults: unknown[] = [];
  const guarded = new GuardedClock(clock, (error) => faults.push(error));
  const fault = new Error("planted");
  guarded.schedule(
    10,
    () => {
      throw fault;
    },
    undefined,
  );
  clock.advance(10);
  assert.deepEqual(faults, [fault]);
});
