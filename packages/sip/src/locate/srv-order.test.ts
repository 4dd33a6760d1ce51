import assert from "node:assert/strict";
import { test } from "node:test";
import type { SrvRecord } from "./resolver.ts";
import { orderSrvRecords } from "./srv-order.ts";

function srv(target: string, priority: number, weight: number): SrvRecord {
  return { priority, weight, port: 5060, target };
}

function ordered(records: readonly SrvRecord[], ...draws: number[]): string {
  const random = (): number => {
    const drawn = draws.shift();
    assert.ok(drawn !== undefined, "one draw too many");
    return drawn;
  };
  const targets = orderSrvRecords(records, random).map((record) => record.target);
  assert.equal(draws.length, 0, "a draw was not used");
  return targets.join(" ");
}

test("priority decides first, without a draw", () => {
  assert.equal(ordered([srv("c", 30, 1), srv("a", 10, 0), srv("b", 20, 900)]), "a b c");
  assert.equal(ordered([]), "");
});

const weighted = [srv("a", 1, 10), srv("b", 1, 30), srv("c", 1, 60)];
const draws: [drawn: number[], order: string][] = [
  // Running sums 10 40 100: 0..10 is a, 11..40 is b, 41..100 is c (101 numbers).
  [[0, 0], "a b c"],
  [[10.5 / 101, 0], "a b c"],
  [[11 / 101, 0], "b a c"],
  [[40.5 / 101, 0], "b a c"],
  [[41 / 101, 0], "c a b"],
  [[0.9999, 0.9999], "c b a"],
  // Second draw among a and c after b: sums 10 70, 71 numbers.
  [[11 / 101, 10.5 / 71], "b a c"],
  [[11 / 101, 11 / 71], "b c a"],
];
for (const [drawn, order] of draws) {
  test(`weights 10, 30, 60 drawn ${drawn.map((number) => number.toFixed(4)).join()} give ${order}`, () => {
    assert.equal(ordered(weighted, ...drawn), order);
  });
}

test("weight 0 stands first in the list and so is drawn by 0 only (RFC 2782)", () => {
  const records = [srv("heavy", 1, 2), srv("zero", 1, 0)];
  assert.equal(ordered(records, 0), "zero heavy");
  assert.equal(ordered(records, 0.9 / 3), "zero heavy");
  assert.equal(ordered(records, 1 / 3), "heavy zero");
});

test("each priority is drawn on its own", () => {
  const records = [srv("b1", 2, 1), srv("a1", 1, 1), srv("b2", 2, 1), srv("a2", 1, 1)];
  assert.equal(ordered(records, 0.99, 0), "a2 a1 b1 b2");
});

test("over many draws the first choice follows the weights", () => {
  let state = 1;
  const random = (): number => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  let heavyFirst = 0;
  const records = [srv("heavy", 1, 75), srv("light", 1, 25)];
  for (let round = 0; round < 4000; round++) {
    if (orderSrvRecords(records, random)[0]?.target === "heavy") heavyFirst++;
  }
  assert.ok(heavyFirst > 2850 && heavyFirst < 3150, String(heavyFirst));
});
