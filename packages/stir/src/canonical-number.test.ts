import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalNumber } from "./canonical-number.ts";

const table: [written: string, canonical: string | undefined][] = [
  ["+12155551212", "12155551212"],
  ["12155551212", "12155551212"],
  ["+1 (215) 555-1212", "12155551212"],
  ["+44.20.7946.0000", "442079460000"],
  ["5551212", "5551212"],
  ["anonymous", undefined],
  ["", undefined],
  ["+", undefined],
  ["++12155551212", undefined],
  ["02079460000", undefined],
  ["911", undefined],
  ["+1234567890123456", undefined],
];
for (const [written, canonical] of table) {
  test(`canonical form of "${written}" (RFC 8224 §8.3)`, () =>
    assert.equal(canonicalNumber(written), canonical));
}
