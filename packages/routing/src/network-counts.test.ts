import assert from "node:assert/strict";
import { test } from "node:test";
import { NetworkCounts } from "./network-counts.ts";
import { RangeSet } from "./range-set.ts";
import { seededRandom } from "./seeded-random.ts";

const random = seededRandom(3);
const below = (limit: number): number => Math.floor(random() * limit);
const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;

function network(): string {
  if (random() < 0.3)
    return `2001:db8:${below(3)}::${below(4).toString(16)}/${pick([32, 47, 48, 64, 126, 128])}`;
  return `10.${below(2)}.${below(3)}.${below(256)}/${pick([8, 15, 16, 23, 24, 31, 32])}`;
}

const addresses = (): string[] =>
  Array.from({ length: 40 }, () =>
    random() < 0.3
      ? `2001:db8:${below(4)}::${below(6).toString(16)}`
      : `10.${below(3)}.${below(4)}.${below(256)}`,
  );

test("whatever comes and goes, it lets in whom a set of the networks that are left lets in", () => {
  for (let run = 0; run < 30; run += 1) {
    let held: string[] = [];
    let counts = NetworkCounts.none;
    for (let round = 0; round < 12; round += 1) {
      const removed = held.filter(() => random() < 0.4);
      const added = Array.from({ length: below(4) }, network);
      for (const one of removed) held.splice(held.indexOf(one), 1);
      held = [...held, ...added];
      counts = counts.changed(removed, added);
      const expected = RangeSet.fromNetworks(held);
      for (const address of addresses()) {
        assert.equal(counts.has(address), expected.has(address), `${address} in ${held.join(" ")}`);
      }
    }
    assert.ok(!counts.changed(held, []).has("10.0.0.1"));
  }
});

test("a network that was added twice stays until it is removed twice; the same bits count, not the same text", () => {
  const twice = NetworkCounts.none.changed([], ["192.0.2.0/24", "192.0.2.7/24"]);
  const once = twice.changed(["192.0.2.99/24"], []);
  assert.ok(once.has("192.0.2.1"));
  assert.ok(!once.changed(["192.0.2.0/24"], []).has("192.0.2.1"));
  assert.ok(twice.has("::ffff:192.0.2.1"));
});

test("what is no network lets nobody in, and what is not there is removed without harm", () => {
  const counts = NetworkCounts.none.changed(["10.0.0.0/8", "nonsense"], ["nonsense", "10.0.0.0/33"]);
  assert.ok(!counts.has("10.0.0.1"));
  assert.ok(counts.changed([], ["10.0.0.0/8"]).has("10.0.0.1"));
  assert.ok(!counts.has("nonsense"));
});
