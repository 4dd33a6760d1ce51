import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  type BencodeValue,
  bdecode,
  bencode,
  maximumBencodeBytes,
  maximumBencodeDepth,
  maximumBencodeItems,
} from "./bencode.ts";

const value = fc.letrec<{ value: BencodeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.maxSafeInteger(),
    fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) }),
    fc.array(tie("value"), { maxLength: 6 }),
    fc
      .uniqueArray(fc.tuple(fc.string({ unit: "binary-ascii" }), tie("value")), {
        selector: ([key]) => key,
        maxLength: 6,
      })
      .map((entries) => new Map<string, BencodeValue>(entries)),
  ),
})).value;

describe("bencode", () => {
  test("known texts", () => {
    const message = new Map<string, BencodeValue>([
      ["command", "offer"],
      ["flags", ["a", -7]],
      ["", new Map()],
    ]);
    assert.equal(bencode(message), "d7:command5:offer5:flagsl1:ai-7ee0:dee");
    assert.equal(bencode(-0), "i0e");
    assert.throws(() => bencode(1.5), RangeError);
    assert.throws(() => bencode(2 ** 53), RangeError);
  });

  test("what is written is read as it was, in any order of keys", () => {
    fc.assert(
      fc.property(value, (one) => {
        assert.deepEqual(bdecode(bencode(one)), { ok: true, value: one });
      }),
    );
    assert.deepEqual(bdecode("d1:bi1e1:ai2ee"), {
      ok: true,
      value: new Map([
        ["b", 1],
        ["a", 2],
      ]),
    });
  });

  test("every beginning of a text, and any change of it that is no text itself, is refused", () => {
    fc.assert(
      fc.property(value, fc.nat(), (one, cut) => {
        const text = bencode(one);
        assert.equal(bdecode(text.slice(0, cut % text.length)).ok, false);
        assert.equal(bdecode(`${text}x`).ok, false);
      }),
    );
  });

  test("bytes of any kind are refused or mean what they say", () => {
    const unit = fc.constantFrom(...Array.from("0123456789-:ilde\u0000ÿ"));
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (text) => {
        const read = bdecode(text);
        if (read.ok) assert.equal(bencode(read.value), text);
      }),
      { numRuns: 2000 },
    );
  });

  for (const [text, fault] of [
    ["", "no value"],
    ["i01e", "no integer"],
    ["i-0e", "no integer"],
    ["i-e", "no integer"],
    ["i1.5e", "no integer"],
    ["i9007199254740992e", "no integer"],
    ["i1", "no integer"],
    ["01:a", "no value"],
    ["-1:a", "no value"],
    ["2:a", "a text is cut off"],
    ["99999:a", "a text is cut off"],
    ["100000:a", "no value"],
    ["li1e", "no value"],
    ["d1:ae", "no value"],
    ["di1ei2ee", "no value"],
    ["d1:ai1e1:ai2ee", "a stands twice in a dictionary"],
    ["i1ei2e", "something stands behind the value"],
  ] as const) {
    test(`refuses "${text}": ${fault}`, () => {
      const read = bdecode(text);
      assert.equal(read.ok ? undefined : read.fault, fault);
    });
  }

  test("depth, items and bytes at their limits, and one past them", () => {
    const nested = (depth: number): string => "l".repeat(depth) + "e".repeat(depth);
    assert.equal(bdecode(nested(maximumBencodeDepth)).ok, true);
    assert.deepEqual(bdecode(nested(maximumBencodeDepth + 1)), {
      ok: false,
      fault: `nested deeper than ${maximumBencodeDepth}`,
      at: maximumBencodeDepth,
    });
    const listOf = (items: number): string => `l${"i1e".repeat(items - 1)}e`;
    assert.equal(bdecode(listOf(maximumBencodeItems)).ok, true);
    const tooMany = bdecode(listOf(maximumBencodeItems + 1));
    assert.equal(tooMany.ok ? "" : tooMany.fault, `more than ${maximumBencodeItems} items`);
    const long = `${maximumBencodeBytes - 6}:${"x".repeat(maximumBencodeBytes - 6)}`;
    assert.equal(bdecode(long).ok, true);
    assert.equal(bdecode(`${maximumBencodeBytes - 5}:${"x".repeat(maximumBencodeBytes - 5)}`).ok, false);
  });
});
