import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { derElements, derSequence, maximumDerElements } from "./der.ts";

const bytes = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(" ", ""), "hex");

test("elements one behind the other, with short and long lengths", () => {
  const long = `04 81 80 ${"00".repeat(128)}`;
  const elements = derElements(bytes(`02 01 05 ${long}`));
  assert.deepEqual(
    elements?.map(({ tag, content }) => [tag, content.length]),
    [
      [2, 1],
      [4, 128],
    ],
  );
  assert.equal(derSequence(bytes("30 03 02 01 05"))?.length, 1);
  assert.equal(derSequence(bytes("30 00"))?.length, 0);
});

const refused: [what: string, hex: string][] = [
  ["cut off in the length", "02"],
  ["cut off in the content", "02 02 05"],
  ["the indefinite form", "30 80 00 00"],
  ["a long form where a short one does", "04 81 01 00"],
  ["a leading zero in the length", `04 82 00 80 ${"00".repeat(128)}`],
  ["a tag of two bytes", "1f 81 01 00"],
  ["a length of four bytes", "04 84 00 00 00 01 00"],
];
for (const [what, hex] of refused) {
  test(`DER with ${what}`, () => assert.equal(derElements(bytes(hex)), undefined));
}

test("a sequence is one element, of that tag", () => {
  assert.equal(derSequence(bytes("30 00 30 00")), undefined);
  assert.equal(derSequence(bytes("31 00")), undefined);
});

test("as many elements as the limit, and one more", () => {
  assert.equal(derElements(bytes("0500".repeat(maximumDerElements)))?.length, maximumDerElements);
  assert.equal(derElements(bytes("0500".repeat(maximumDerElements + 1))), undefined);
});

test("any bytes are read or refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (any) => {
      const elements = derElements(any) ?? [];
      assert.ok(elements.reduce((sum, { content }) => sum + content.length + 2, 0) <= any.length);
    }),
  );
});
