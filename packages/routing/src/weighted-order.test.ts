import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "./seeded-random.ts";
import { weightedOrder } from "./weighted-order.ts";

const item = (name: string, priority: number, weight: number) => ({ name, priority, weight });
const names = (items: readonly { name: string }[]) => items.map((one) => one.name).join("");

test("lower priority comes first, whatever the weights and the order of the list", () => {
  const items = [item("c", 20, 65535), item("a", 0, 1), item("b", 10, 1)];
  for (let seed = 0; seed < 50; seed++) assert.equal(names(weightedOrder(items, seededRandom(seed))), "abc");
});

/** Which item a point on the line of weights 60, 20, 20 belongs to, and who is drawn next from the rest. */
const draws: [points: readonly number[], order: string][] = [
  [[0, 0], "abc"],
  [[0.599, 0.499], "abc"],
  [[0.6, 0], "bac"],
  [[0.799, 0.749], "bac"],
  [[0.799, 0.75], "bca"],
  [[0.8, 0], "cab"],
  [[0.999, 0.999], "cba"],
];

test("shares of the line are exact, and the rest share by their own weights", () => {
  for (const [points, order] of draws) {
    const row = [...points];
    const items = [item("a", 1, 60), item("b", 1, 20), item("c", 1, 20)];
    assert.equal(names(weightedOrder(items, () => row.shift() ?? Number.NaN)), order, String(points));
    assert.equal(row.length, 0);
  }
});

test("one item needs no draw, none gives none, and the list itself is not changed", () => {
  const noDraw = () => assert.fail("no random number is needed");
  assert.equal(names(weightedOrder([item("a", 1, 5)], noDraw)), "a");
  assert.equal(names(weightedOrder([item("b", 2, 5), item("a", 1, 5)], noDraw)), "ab");
  assert.deepEqual(weightedOrder([], noDraw), []);
  const items = [item("b", 2, 1), item("a", 1, 1)];
  weightedOrder(items, noDraw);
  assert.equal(names(items), "ba");
});

test("a point at the very end of the line still draws somebody", () => {
  assert.equal(names(weightedOrder([item("a", 1, 1), item("b", 1, 1)], () => 1)), "ba");
});
