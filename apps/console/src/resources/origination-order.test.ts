import assert from "node:assert/strict";
import { test } from "node:test";
import { moved, tried } from "./origination-order.ts";

const url = (sid: string, priority: number, weight = 10) => ({ sid, priority, weight });
const urls = [url("c", 20), url("a", 10, 5), url("b", 10, 50)];

test("the lowest priority is tried first, among equals the heavier", () => {
  assert.deepEqual(
    tried(urls).map(({ sid }) => sid),
    ["b", "a", "c"],
  );
});

test("neighbours exchange their priorities", () => {
  assert.deepEqual(moved(urls, "c", -1), [
    { sid: "c", priority: 10 },
    { sid: "a", priority: 20 },
  ]);
});

test("equals are told apart by a number of its own", () => {
  assert.deepEqual(moved(urls, "a", -1), [{ sid: "a", priority: 9 }]);
  assert.deepEqual(moved(urls, "b", 1), [{ sid: "b", priority: 11 }]);
});

test("the ends stay where they are, and so do the ends of the numbers", () => {
  assert.deepEqual(moved(urls, "b", -1), []);
  assert.deepEqual(moved(urls, "c", 1), []);
  assert.deepEqual(moved(urls, "x", 1), []);
  assert.deepEqual(moved([url("a", 0), url("b", 0)], "b", -1), []);
  assert.deepEqual(moved([url("a", 65_535), url("b", 65_535)], "a", 1), []);
  assert.equal(moved([url("a", 65_534), url("b", 65_534)], "a", 1).length, 1);
});
