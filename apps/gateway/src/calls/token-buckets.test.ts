import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { TokenBuckets } from "./token-buckets.ts";

function takes(buckets: TokenBuckets, perSecond: number, times: number, trunkSid = "TK1"): number {
  let taken = 0;
  for (let index = 0; index < times; index += 1) if (buckets.take(trunkSid, perSecond)) taken += 1;
  return taken;
}

test("a bucket begins full: as many calls at once as flow in a second", () => {
  const buckets = new TokenBuckets(new HandClock());
  assert.equal(takes(buckets, 10, 20), 10);
  assert.equal(takes(buckets, 10, 20, "TK2"), 10, "each trunk has its own");
});

test("tokens flow back one by one", () => {
  const clock = new HandClock();
  const buckets = new TokenBuckets(clock);
  takes(buckets, 4, 4);
  clock.advance(249);
  assert.equal(takes(buckets, 4, 5), 0);
  clock.advance(1);
  assert.equal(takes(buckets, 4, 5), 1);
  clock.advance(500);
  assert.equal(takes(buckets, 4, 5), 2);
});

test("a bucket is full after a second and never fuller", () => {
  const clock = new HandClock();
  const buckets = new TokenBuckets(clock);
  takes(buckets, 4, 4);
  clock.advance(1000);
  assert.equal(takes(buckets, 4, 10), 4);
  clock.advance(3_600_000);
  assert.equal(takes(buckets, 4, 10), 4);
});

test("less than one call per second: one may come, the next when its time is up", () => {
  const clock = new HandClock();
  const buckets = new TokenBuckets(clock);
  assert.equal(takes(buckets, 0.5, 3), 1);
  clock.advance(1999);
  assert.equal(takes(buckets, 0.5, 3), 0);
  clock.advance(1);
  assert.equal(takes(buckets, 0.5, 3), 1);
});

test("asking takes nothing", () => {
  const buckets = new TokenBuckets(new HandClock());
  assert.equal(buckets.mayTake("TK1", 1), true);
  assert.equal(buckets.mayTake("TK1", 1), true);
  assert.equal(buckets.take("TK1", 1), true);
  assert.equal(buckets.mayTake("TK1", 1), false);
});

test("a limit that is lowered holds at once, one that is raised as tokens come", () => {
  const clock = new HandClock();
  const buckets = new TokenBuckets(clock);
  takes(buckets, 10, 2);
  assert.equal(takes(buckets, 3, 10), 3);
  clock.advance(1000);
  assert.equal(takes(buckets, 10, 20), 10);
});

test("what others took is missing, and what was not there is owed", () => {
  const clock = new HandClock();
  const buckets = new TokenBuckets(clock);
  buckets.drain("TK1", 4, 3, 1);
  assert.equal(takes(buckets, 4, 5), 1);
  buckets.drain("TK1", 4, 2, 1);
  clock.advance(749);
  assert.equal(takes(buckets, 4, 5), 0);
  clock.advance(1);
  assert.equal(takes(buckets, 4, 5), 1);
});

for (const [takers, owedMs] of [
  [1, 1000],
  [2, 2000],
] as const) {
  test(`${takers} others can't make more owed than their buckets hold`, () => {
    const clock = new HandClock();
    const buckets = new TokenBuckets(clock);
    buckets.drain("TK1", 4, 1_000_000, takers);
    clock.advance(owedMs + 249);
    assert.equal(takes(buckets, 4, 5), 0);
    clock.advance(1);
    assert.equal(takes(buckets, 4, 5), 1);
  });
}

test("three gateways that share: after the first burst no more calls than one would let in", () => {
  const clock = new HandClock();
  const gateways = [new TokenBuckets(clock), new TokenBuckets(clock), new TokenBuckets(clock)];
  const perSecond = 5;
  let all = 0;
  for (let period = 0; period < 500; period += 1) {
    const taken = gateways.map((buckets) => takes(buckets, perSecond, 3));
    all += taken.reduce((sum, one) => sum + one, 0);
    for (const [index, buckets] of gateways.entries()) {
      const elsewhere = taken.reduce((sum, one, other) => (other === index ? sum : sum + one), 0);
      buckets.drain("TK1", perSecond, elsewhere, gateways.length - 1);
    }
    clock.advance(200);
  }
  const seconds = 100;
  assert.ok(all <= seconds * perSecond + gateways.length * perSecond, `${all} calls`);
  assert.ok(all >= seconds * perSecond * 0.9, `${all} calls`);
});

test("buckets of trunks that are gone are forgotten, the others are not", () => {
  const buckets = new TokenBuckets(new HandClock());
  takes(buckets, 1, 1, "TK1");
  takes(buckets, 1, 1, "TK2");
  buckets.retain(new Set(["TK1"]));
  assert.equal(buckets.take("TK1", 1), false);
  assert.equal(buckets.take("TK2", 1), true);
});
