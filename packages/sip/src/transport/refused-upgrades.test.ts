import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { RefusedUpgrades } from "./refused-upgrades.ts";

test("a refusal is remembered for its time, not longer", () => {
  const clock = new HandClock();
  const refused = new RefusedUpgrades({ clock, memoryMs: 1000, maximum: 2 });
  refused.add("a");
  assert.equal(refused.has("b"), false);
  clock.advance(999);
  assert.equal(refused.has("a"), true);
  clock.advance(1);
  assert.equal(refused.has("a"), false);
  assert.equal(refused.size, 0);
});

test("the limit forgets the oldest; one refused again is young", () => {
  const refused = new RefusedUpgrades({ clock: new HandClock(), memoryMs: 1000, maximum: 2 });
  refused.add("a");
  refused.add("b");
  assert.equal(refused.size, 2);
  refused.add("a");
  refused.add("c");
  assert.equal(refused.size, 2);
  assert.deepEqual([refused.has("a"), refused.has("b"), refused.has("c")], [true, false, true]);
  refused.clear();
  assert.equal(refused.has("a"), false);
});
