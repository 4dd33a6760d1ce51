import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compensation } from "./compensation.ts";

/** RFC 1071: the sum that a receiver makes over 16-bit words. */
function sum(words: readonly number[]): number {
  let total = words.reduce((all, word) => all + word, 0);
  while (total > 0xffff) total = (total >>> 16) + (total & 0xffff);
  return total;
}

const address = fc.integer({ min: 0, max: 0xffffffff });
const halves = (value: number): readonly number[] => [value >>> 16, value & 0xffff];

test("a replaced address and its compensation leave the sum of any packet as it was", () => {
  fc.assert(
    fc.property(
      address,
      address,
      fc.array(fc.integer({ min: 1, max: 0xffff }), { minLength: 1 }),
      (from, to, rest) => {
        const value = compensation(from, to);
        assert.ok(value >= 0 && value <= 0xffff);
        // A sum of words that are not all zero is never 0: 0xffff stands for it (RFC 1071).
        assert.equal(sum([...rest, ...halves(to), value]), sum([...rest, ...halves(from), 0]));
      },
    ),
  );
});

test("by hand: 203.0.113.10 for 100.127.0.1", () => {
  // cb00 + 710a = 13c0a → 3c0b; 647f + 0001 = 6480; 3c0b - 6480 = -2875 → d78a.
  assert.equal(compensation(0xcb00710a, 0x647f0001), 0xd78a);
});
