import assert from "node:assert/strict";
import { test } from "node:test";
import { decimalIn, parseDecimal } from "./decimal.ts";

const table: readonly (readonly [text: string, maximum: number, expected: number])[] = [
  ["0", 255, 0],
  ["7", 255, 7],
  ["255", 255, 255],
  ["256", 255, -1],
  ["0068", 255, 68],
  ["4294967295", 4_294_967_295, 4_294_967_295],
  ["4294967296", 4_294_967_295, -1],
  ["9".repeat(400), 4_294_967_295, -1],
  ["", 255, -1],
  ["-1", 255, -1],
  ["+1", 255, -1],
  ["1 ", 255, -1],
  ["1/", 255, -1],
  ["1:", 255, -1],
  ["0x1", 255, -1],
  ["1.0", 255, -1],
];

for (const [text, maximum, expected] of table) {
  test(`decimal "${text.slice(0, 12)}" up to ${maximum} is ${expected}`, () => {
    assert.equal(parseDecimal(text, maximum), expected);
  });
}

test("a decimal is read from a part of a text", () => {
  assert.equal(decimalIn("ab12cd", 2, 4, 99), 12);
  assert.equal(decimalIn("ab12cd", 2, 5, 99), -1);
  assert.equal(decimalIn("12", 2, 2, 99), -1);
  assert.equal(decimalIn("12", 0, 3, 999), -1);
});
