import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { requestRateLimits } from "../limits.ts";
import { RequestRates } from "./request-rates.ts";

function takeMany(rates: RequestRates, count: number, caller = "SK1"): number[] {
  return Array.from({ length: count }, () => rates.take(caller));
}

test("the last request of the burst passes, the next does not", () => {
  const rates = new RequestRates(new HandClock(), requestRateLimits);
  assert.deepEqual([...new Set(takeMany(rates, requestRateLimits.burst))], [0]);
  assert.equal(rates.take("SK1"), 1);
  assert.equal(rates.take("SK2"), 0, "another caller's bucket is its own");
});

test("a token comes back after its time and not a millisecond earlier; a refusal takes none", () => {
  const clock = new HandClock();
  const rates = new RequestRates(clock, { perSecond: 4, burst: 2, maximumTrackedCallers: 9 });
  takeMany(rates, 2);
  clock.advance(249);
  assert.deepEqual(takeMany(rates, 3), [1, 1, 1]);
  clock.advance(1);
  assert.deepEqual(takeMany(rates, 2), [0, 1]);
});

test("a slow refill says how many seconds to wait, rounded up", () => {
  const clock = new HandClock();
  const rates = new RequestRates(clock, { perSecond: 0.1, burst: 1, maximumTrackedCallers: 9 });
  rates.take("SK1");
  assert.equal(rates.take("SK1"), 10);
  clock.advance(8500);
  assert.equal(rates.take("SK1"), 2);
});

test("a pause fills the bucket to the burst and no further", () => {
  const clock = new HandClock();
  const rates = new RequestRates(clock, { perSecond: 10, burst: 3, maximumTrackedCallers: 9 });
  takeMany(rates, 3);
  clock.advance(3_600_000);
  assert.deepEqual(takeMany(rates, 4), [0, 0, 0, 1]);
});

test("beyond the tracked callers the one that was silent longest is forgotten", () => {
  const rates = new RequestRates(new HandClock(), { perSecond: 1, burst: 1, maximumTrackedCallers: 2 });
  rates.take("SK1");
  rates.take("SK2");
  assert.equal(rates.take("SK1"), 1, "asked again: SK2 is the silent one now");
  rates.take("SK3");
  assert.equal(rates.trackedCallers, 2);
  assert.equal(rates.take("SK1"), 1, "still known");
  assert.equal(rates.take("SK2"), 0, "forgotten");
});
