import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { TrunkLimits } from "./trunk-limits.ts";

function takes(limits: TrunkLimits, perSecond: number, times: number, trunkSid = "TK1"): number {
  let taken = 0;
  for (let index = 0; index < times; index += 1) if (limits.take(trunkSid, perSecond)) taken += 1;
  return taken;
}

test("a bucket begins full: as many calls at once as flow in a second", () => {
  const limits = new TrunkLimits(new HandClock());
  assert.equal(takes(limits, 10, 20), 10);
  assert.equal(takes(limits, 10, 20, "TK2"), 10, "each trunk has its own");
});

test("tokens flow back one by one", () => {
  const clock = new HandClock();
  const limits = new TrunkLimits(clock);
  takes(limits, 4, 4);
  clock.advance(249);
  assert.equal(takes(limits, 4, 5), 0);
  clock.advance(1);
  assert.equal(takes(limits, 4, 5), 1);
  clock.advance(500);
  assert.equal(takes(limits, 4, 5), 2);
});

test("a bucket is full after a second and never fuller", () => {
  const clock = new HandClock();
  const limits = new TrunkLimits(clock);
  takes(limits, 4, 4);
  clock.advance(1000);
  assert.equal(takes(limits, 4, 10), 4);
  clock.advance(3_600_000);
  assert.equal(takes(limits, 4, 10), 4);
});

test("less than one call per second: one may come, the next when its time is up", () => {
  const clock = new HandClock();
  const limits = new TrunkLimits(clock);
  assert.equal(takes(limits, 0.5, 3), 1);
  clock.advance(1999);
  assert.equal(takes(limits, 0.5, 3), 0);
  clock.advance(1);
  assert.equal(takes(limits, 0.5, 3), 1);
});

test("asking takes nothing", () => {
  const limits = new TrunkLimits(new HandClock());
  assert.equal(limits.mayTake("TK1", 1), true);
  assert.equal(limits.mayTake("TK1", 1), true);
  assert.equal(limits.take("TK1", 1), true);
  assert.equal(limits.mayTake("TK1", 1), false);
});

test("a limit that is lowered holds at once, one that is raised as tokens come", () => {
  const clock = new HandClock();
  const limits = new TrunkLimits(clock);
  takes(limits, 10, 2);
  assert.equal(takes(limits, 3, 10), 3);
  clock.advance(1000);
  assert.equal(takes(limits, 10, 20), 10);
});

test("calls at a time go up and down, and never below none", () => {
  const limits = new TrunkLimits(new HandClock());
  assert.equal(limits.callsOf("TK1"), 0);
  limits.begin("TK1");
  limits.begin("TK1");
  limits.begin("TK2");
  assert.equal(limits.callsOf("TK1"), 2);
  limits.end("TK1");
  assert.equal(limits.callsOf("TK1"), 1);
  limits.end("TK1");
  limits.end("TK1");
  assert.equal(limits.callsOf("TK1"), 0);
  assert.equal(limits.callsOf("TK2"), 1);
});

test("buckets of trunks that are gone are forgotten, the others are not", () => {
  const limits = new TrunkLimits(new HandClock());
  takes(limits, 1, 1, "TK1");
  takes(limits, 1, 1, "TK2");
  limits.retain(new Set(["TK1"]));
  assert.equal(limits.take("TK1", 1), false);
  assert.equal(limits.take("TK2", 1), true);
});
