import assert from "node:assert/strict";
import { test } from "node:test";
import { amountText, bitRateText, countText, shareText } from "./quantity.ts";

test("amounts have their unit, and a dash when they are not known", () => {
  assert.deepEqual(
    [amountText(undefined, "ms"), amountText(0, "ms"), amountText(12_345.678, "ms", 1), amountText(7)],
    ["–", "0 ms", "12,345.7 ms", "7"],
  );
});

test("a share of nothing is not known", () => {
  assert.deepEqual(
    [shareText(1, 0), shareText(undefined, 3), shareText(39, 40), shareText(0, 5)],
    ["–", "–", "97.5 %", "0 %"],
  );
});

test("bit rates are in the unit that fits", () => {
  assert.deepEqual([undefined, 0, 999, 1000, 1_500_000, 10 ** 9, 10 ** 13].map(bitRateText), [
    "–",
    "0 bit/s",
    "999 bit/s",
    "1 kbit/s",
    "1.5 Mbit/s",
    "1 Gbit/s",
    "10,000 Gbit/s",
  ]);
});

test("one is singular", () => {
  assert.deepEqual(
    [0, 1, 2].map((count) => countText(count, "call")),
    ["0 calls", "1 call", "2 calls"],
  );
  assert.equal(countText(2, "entry", "entries"), "2 entries");
});
