import assert from "node:assert/strict";
import { test } from "node:test";
import { maximumRecentChanges, maximumRecentCharacters, RecentChanges } from "./recent-changes.ts";

const change = (fromVersion: number, toVersion = fromVersion + 1, frame = `${fromVersion}-${toVersion}`) => ({
  fromVersion,
  toVersion,
  frame,
});

test("frames lead from a version that was published to a later one", () => {
  const changes = new RecentChanges();
  for (const one of [change(3), change(4, 7), change(7)]) changes.add(one);
  assert.deepEqual(changes.between(3, 8), ["3-4", "4-7", "7-8"]);
  assert.deepEqual(changes.between(4, 8), ["4-7", "7-8"]);
  assert.deepEqual(changes.between(3, 7), ["3-4", "4-7"]);
  for (const [from, to] of [
    [2, 8],
    [5, 8],
    [8, 8],
    [7, 4],
    [3, 6],
    [0, 8],
  ] as const) {
    assert.equal(changes.between(from, to), undefined, `${from} to ${to}`);
  }
});

test("a change that does not follow the last one begins anew", () => {
  const changes = new RecentChanges();
  changes.add(change(3));
  changes.add(change(7));
  assert.equal(changes.between(3, 4), undefined);
  assert.deepEqual(changes.between(7, 8), ["7-8"]);
});

test("the oldest go when there are too many, or they are too long", () => {
  const many = new RecentChanges();
  for (let version = 0; version < maximumRecentChanges; version += 1) many.add(change(version));
  assert.equal(many.between(0, maximumRecentChanges)?.length, maximumRecentChanges);
  many.add(change(maximumRecentChanges));
  assert.equal(many.between(0, maximumRecentChanges + 1), undefined);
  assert.equal(many.between(1, maximumRecentChanges + 1)?.length, maximumRecentChanges);
  const long = new RecentChanges();
  const half = "x".repeat(maximumRecentCharacters / 2);
  long.add(change(1, 2, half));
  long.add(change(2, 3, half));
  assert.equal(long.between(1, 3)?.length, 2);
  long.add(change(3, 4, "x"));
  assert.equal(long.between(1, 4), undefined);
  assert.equal(long.between(2, 4)?.length, 2);
});
