import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { easeStepMs, LossPercentage, overloadedPercentage } from "./loss-percentage.ts";

test("the share rises at once and is halved step by step", () => {
  const clock = new HandClock();
  const loss = new LossPercentage(clock);
  assert.equal(loss.percentage, 0);
  loss.ease();
  assert.equal(loss.percentage, 0, "nothing to ease");
  loss.rise();
  clock.advance(60_000);
  assert.equal(loss.percentage, overloadedPercentage);
  loss.ease();
  const seen: number[] = [];
  for (let step = 0; step < 7; step += 1) {
    seen.push(loss.percentage);
    clock.advance(easeStepMs - 1);
    assert.equal(loss.percentage, seen.at(-1), "not before the step is over");
    clock.advance(1);
  }
  assert.deepEqual(seen, [47, 23, 11, 5, 2, 1, 0]);
  assert.equal(loss.percentage, 0);
});

test("overloaded again while it eases: the whole share, and easing starts anew", () => {
  const clock = new HandClock();
  const loss = new LossPercentage(clock);
  loss.rise();
  loss.ease();
  clock.advance(2 * easeStepMs);
  assert.equal(loss.percentage, 11);
  loss.ease();
  assert.equal(loss.percentage, 11, "easing already");
  loss.rise();
  assert.equal(loss.percentage, overloadedPercentage);
  loss.ease();
  assert.equal(loss.percentage, 47);
});
