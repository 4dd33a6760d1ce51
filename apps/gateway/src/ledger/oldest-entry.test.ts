import assert from "node:assert/strict";
import { test } from "node:test";
import { maximumMarks, OldestEntry } from "./oldest-entry.ts";

test("since when the oldest entry waits", () => {
  const oldest = new OldestEntry(0, 0);
  assert.equal(oldest.sinceMs, undefined);
  oldest.committed(2, 2, 1_000);
  oldest.committed(1, 3, 5_000);
  assert.equal(oldest.sinceMs, 1_000);
  // One of the first two has gone: the other still waits.
  oldest.committed(0, 2, 6_000);
  assert.equal(oldest.sinceMs, 1_000);
  oldest.committed(0, 1, 6_000);
  assert.equal(oldest.sinceMs, 5_000);
  oldest.committed(1, 1, 9_000);
  assert.equal(oldest.sinceMs, 9_000);
  oldest.committed(0, 0, 9_500);
  assert.equal(oldest.sinceMs, undefined);
});

test("entries of one second share its beginning", () => {
  const oldest = new OldestEntry(0, 0);
  oldest.committed(1, 1, 1_000);
  oldest.committed(1, 2, 1_999);
  oldest.committed(1, 3, 2_000);
  oldest.committed(0, 2, 2_000);
  assert.equal(oldest.sinceMs, 1_000);
  oldest.committed(0, 1, 2_000);
  assert.equal(oldest.sinceMs, 2_000);
});

test("what was there at the start waits since then", () => {
  const oldest = new OldestEntry(3, 500);
  assert.equal(oldest.sinceMs, 500);
  oldest.committed(1, 1, 9_000);
  assert.equal(oldest.sinceMs, 9_000);
});

test("a day without control takes no more than its marks, and the oldest stays the oldest", () => {
  assert.equal(maximumMarks, 1_000);
  const oldest = new OldestEntry(0, 0);
  for (let second = 1; second <= 86_400; second += 1) oldest.committed(1, second, second * 1_000);
  assert.equal(oldest.sinceMs, 1_000);
  oldest.committed(0, 1, 86_400_000);
  const sinceMs = oldest.sinceMs ?? 0;
  assert.ok(sinceMs > 1_000 && sinceMs <= 86_400_000, `${sinceMs}`);
  oldest.committed(0, 0, 86_400_000);
  assert.equal(oldest.sinceMs, undefined);
});
