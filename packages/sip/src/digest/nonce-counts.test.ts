import assert from "node:assert/strict";
import { test } from "node:test";
import { NonceCounts } from "./nonce-counts.ts";

test("counts must grow", () => {
  const counts = new NonceCounts(10, 0);
  assert.ok(counts.isFresh("a", 5, 3));
  counts.record("a", 5, 3);
  assert.ok(!counts.isFresh("a", 5, 2));
  assert.ok(!counts.isFresh("a", 5, 3));
  assert.ok(counts.isFresh("a", 5, 4));
  assert.ok(!counts.isUnused("a", 5));
  assert.ok(counts.isUnused("b", 5));
});

test("nonces from before the start are refused", () => {
  const counts = new NonceCounts(10, 100);
  assert.ok(!counts.isFresh("a", 99, 1) && !counts.isUnused("a", 99));
  assert.ok(counts.isFresh("a", 100, 1) && counts.isUnused("a", 100));
});

test("at the limit nothing is forgotten; one more forgets the least recently used and all as old", () => {
  const counts = new NonceCounts(3, 0);
  counts.record("a", 10, 1);
  counts.record("b", 20, 1);
  counts.record("c", 30, 1);
  counts.record("a", 10, 2);
  assert.equal(counts.size, 3);
  assert.ok(!counts.isFresh("b", 20, 1) && counts.isFresh("b", 20, 2));
  counts.record("d", 40, 1);
  assert.equal(counts.size, 3);
  assert.ok(!counts.isFresh("b", 20, 2), "forgotten, so it may be a replay");
  assert.ok(!counts.isFresh("e", 20, 1) && !counts.isUnused("e", 20), "as old as the forgotten one");
  assert.ok(counts.isFresh("e", 21, 1) && counts.isUnused("e", 21), "younger");
  assert.ok(counts.isFresh("a", 10, 3), "older but remembered");
  assert.ok(!counts.isFresh("a", 10, 2));
});

test("the youngest forgotten nonce counts, in whatever order they go", () => {
  const counts = new NonceCounts(1, 0);
  counts.record("young", 50, 1);
  counts.record("old", 10, 1);
  counts.record("last", 60, 1);
  assert.ok(!counts.isFresh("x", 50, 1));
  assert.ok(counts.isFresh("x", 51, 1));
});
