import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "./seeded-random.ts";

test("the same seed gives the same row, another seed another", () => {
  const row = (seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: 5 }, () => random());
  };
  assert.deepEqual(row(1), row(1));
  assert.notDeepEqual(row(1), row(2));
});

test("numbers are in [0, 1) and spread evenly", () => {
  const random = seededRandom(7);
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let draw = 0; draw < 10_000; draw++) {
    const value = random();
    assert.ok(value >= 0 && value < 1);
    const tenth = Math.floor(value * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  // Three standard deviations of a binomial with p = 0.1.
  for (const count of tenths) assert.ok(Math.abs(count - 1000) < 3 * Math.sqrt(900), String(tenths));
});
