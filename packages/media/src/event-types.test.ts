import assert from "node:assert/strict";
import { test } from "node:test";
import { countedEventTypes, maximumEventTypes } from "./event-types.ts";

test("as many payload types are counted as there is room for, and one more is not", () => {
  assert.equal(maximumEventTypes, 4);
  const four = [101, 96, 0, 127];
  assert.equal(countedEventTypes(four), four);
  assert.deepEqual(countedEventTypes([...four, 100]), four);
  assert.deepEqual(countedEventTypes([]), []);
});

test("what is no payload type takes nobody's place", () => {
  assert.deepEqual(countedEventTypes([-1, 128, 1.5, Number.NaN, 101, 97, 98, 99, 100]), [101, 97, 98, 99]);
  assert.deepEqual(countedEventTypes([128]), []);
});
