import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDiversion, serializeDiversion } from "./diversion.ts";

const table: readonly (readonly [value: string, expected: string])[] = [
  [
    "<sip:+1555@h>;reason=Unconditional;counter=1;privacy=OFF;screen=No",
    "sip:+1555@h unconditional 1 off no",
  ],
  ['"Bob" <tel:+1555>', "tel:+1555 - - - -"],
  ["<sip:a@h>;counter=99", "sip:a@h - 99 - -"],
  ['<sip:a@h>;reason="no-answer"', "sip:a@h no-answer - - -"],
  ["<sip:a@h>;counter=100", "diversion-malformed-counter"],
  ["<sip:a@h>;counter=0", "diversion-malformed-counter"],
  ["<sip:a@h>;counter", "diversion-malformed-counter"],
  ["<sip:a@h", "diversion-malformed"],
  ["", "diversion-malformed"],
];

for (const [value, expected] of table) {
  test(`Diversion ${value}`, () => {
    const parsed = parseDiversion(value);
    if (!parsed.ok) {
      assert.equal(parsed.error.code, expected);
      return;
    }
    const { address, reason, counter, privacy, screen } = parsed.value;
    const found = [address.addrSpec, reason ?? "-", counter ?? "-", privacy ?? "-", screen ?? "-"];
    assert.equal(found.join(" "), expected);
  });
}

test("a diversion on the wire", () => {
  assert.equal(
    serializeDiversion({ addrSpec: "sip:+1555@h", reason: "unconditional" }),
    "<sip:+1555@h>;reason=unconditional",
  );
  assert.equal(
    serializeDiversion({ displayName: 'B "b"', addrSpec: "sip:a@h", counter: 2, privacy: "full" }),
    '"B \\"b\\"" <sip:a@h>;counter=2;privacy=full',
  );
});
