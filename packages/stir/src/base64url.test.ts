import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { base64url, bytesOfBase64url } from "./base64url.ts";

test("base64url: what is written is read", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = Buffer.from(bytes).toString("base64url");
      assert.deepEqual(bytesOfBase64url(text), Buffer.from(bytes));
    }),
  );
  assert.equal(base64url("\u00fc?>"), "w7w_Pg");
});

const table: [what: string, text: string][] = [
  ["padding", "YQ=="],
  ["the other alphabet", "w7w/Pg"],
  ["a blank", "YW Jj"],
  ["a text that no bytes have", "YWJjZ"],
  ["last bits that say nothing, set", "YR"],
];
for (const [what, text] of table) {
  test(`base64url: no ${what}`, () => assert.equal(bytesOfBase64url(text), undefined));
}
