import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRetryAfter } from "./retry-after.ts";

const table: readonly (readonly [value: string, expected: string])[] = [
  ["120", "120 -"],
  ["0", "0 -"],
  ["18000;duration=3600", "18000 3600"],
  ["120 (I'm in a meeting)", "120 -"],
  ["120 (nested (comment) \\) end) ;duration=5", "120 5"],
  ["4294967295", "4294967295 -"],
  ["4294967296", "error"],
  ["949302838503028349304023988", "error"],
  ["120;duration=4294967296", "error"],
  ["120;duration=x", "error"],
  ["-1", "error"],
  ["", "error"],
  ["soon", "error"],
  ["120 (open", "error"],
  ["120 (a) b", "error"],
  ["120 5", "error"],
  ["120;;duration=5", "error"],
];

for (const [value, expected] of table) {
  test(`Retry-After ${value}`, () => {
    const parsed = parseRetryAfter(value);
    const found = parsed.ok ? `${parsed.value.seconds} ${parsed.value.durationSeconds ?? "-"}` : "error";
    assert.equal(found, expected);
    if (!parsed.ok) assert.equal(parsed.error.code, "retry-after-malformed");
  });
}
