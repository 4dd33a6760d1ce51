import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { Overload, overloadedAboveMs, overloadSampleMs, relievedBelowMs } from "./overload.ts";

/** The timer comes late by so much: the process was busy. */
function late(clock: HandClock, overload: Overload, lateMs: number): boolean {
  clock.stall(overloadSampleMs + lateMs);
  clock.advance(0);
  return overload.isOverloaded;
}

test("late twice in a row is overload, in time twice in a row is its end", () => {
  const clock = new HandClock();
  const changes: boolean[] = [];
  const overload = new Overload(clock, (isOverloaded) => changes.push(isOverloaded));
  overload.start();
  assert.equal(late(clock, overload, overloadedAboveMs + 1), false);
  assert.equal(
    late(clock, overload, overloadedAboveMs),
    false,
    "at the limit: not late, and the row is broken",
  );
  assert.equal(late(clock, overload, overloadedAboveMs + 1), false);
  assert.equal(late(clock, overload, overloadedAboveMs + 1), true);
  assert.equal(late(clock, overload, relievedBelowMs), true);
  assert.equal(late(clock, overload, relievedBelowMs + 1), true, "past the limit: the row is broken");
  assert.equal(late(clock, overload, relievedBelowMs), true);
  assert.equal(late(clock, overload, 0), false);
  assert.deepEqual(changes, [true, false]);
  overload.stop();
  assert.equal(clock.pendingTimers, 0);
});
