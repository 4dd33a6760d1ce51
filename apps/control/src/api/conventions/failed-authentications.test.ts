import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { FailedAuthentications } from "./failed-authentications.ts";

const limits = { windowMs: 1500, maximumFailures: 2, maximumTrackedKeys: 3 };

test("blocked from the last allowed failure to the end of the window", () => {
  const clock = new HandClock();
  const failed = new FailedAuthentications(clock, limits);
  failed.recordFailure("a");
  assert.equal(failed.blockedSeconds("a"), 0);
  clock.advance(500);
  failed.recordFailure("a");
  assert.equal(failed.blockedSeconds("a"), 1);
  assert.equal(failed.blockedSeconds("b"), 0);
  clock.advance(999);
  assert.equal(failed.blockedSeconds("a"), 1);
  clock.advance(1);
  assert.equal(failed.blockedSeconds("a"), 0);
  failed.recordFailure("a");
  assert.equal(failed.blockedSeconds("a"), 0);
});

test("the seconds are rounded up", () => {
  const failed = new FailedAuthentications(new HandClock(), limits);
  failed.recordFailure("a");
  failed.recordFailure("a");
  assert.equal(failed.blockedSeconds("a"), 2);
});

test("a success forgets the key", () => {
  const failed = new FailedAuthentications(new HandClock(), limits);
  failed.recordFailure("a");
  failed.recordFailure("a");
  failed.recordSuccess("a");
  assert.equal(failed.blockedSeconds("a"), 0);
  assert.equal(failed.trackedKeys, 0);
});

test("beyond the limit the oldest key is forgotten", () => {
  const failed = new FailedAuthentications(new HandClock(), limits);
  for (const key of ["a", "a", "b", "b", "c", "c"]) failed.recordFailure(key);
  assert.equal(failed.trackedKeys, 3);
  assert.equal(failed.blockedSeconds("a"), 2);
  failed.recordFailure("d");
  assert.equal(failed.trackedKeys, 3);
  assert.equal(failed.blockedSeconds("a"), 0);
  assert.equal(failed.blockedSeconds("b"), 2);
});
