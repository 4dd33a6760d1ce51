import assert from "node:assert/strict";
import { test } from "node:test";
import { parseE164 } from "./e164-number.ts";

const rows: [text: string, isNumber: boolean][] = [
  ["+15551234567", true],
  ["+442079460000", true],
  ["+1234567", true],
  ["+123456", false],
  ["+123456789012345", true],
  ["+1234567890123456", false],
  ["+0123456789", false],
  ["+9123456789", true],
  ["15551234567", false],
  ["++5551234567", false],
  ["+1555123456a", false],
  ["+1555:23456", false],
  ["+1555/23456", false],
  ["+1 555 123 4567", false],
  ["+15551234567 ", false],
  ["+\u0661\u0662\u0663\u0664\u0665\u0666\u0667", false],
  ["+", false],
  ["", false],
  ["911", false],
];

test("E.164 numbers: +, 7 to 15 digits, no leading 0", () => {
  for (const [text, isNumber] of rows) assert.equal(parseE164(text), isNumber ? text : undefined, text);
});
