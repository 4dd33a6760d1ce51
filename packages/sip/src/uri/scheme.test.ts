import assert from "node:assert/strict";
import { test } from "node:test";
import { schemeEnd, schemeOf } from "./scheme.ts";

const table: readonly (readonly [uri: string, scheme: string])[] = [
  ["sip:a@h", "sip"],
  ["SIPS:h", "sips"],
  ["tel:+1", "tel"],
  ["soap.beep://192.0.2.103:3002", "soap.beep"],
  ["a+b-c.9:x", "a+b-c.9"],
  ["nobodyKnowsThisScheme:totallyopaquecontent", "nobodyknowsthisscheme"],
  ["urn:service:sos", "urn"],
  ["", ""],
  ["sip", ""],
  [":x", ""],
  ["1sip:h", ""],
  ["s ip:h", ""],
  ["<sip:h>", ""],
  ["s_ip:h", ""],
];

for (const [uri, scheme] of table) {
  test(`scheme of "${uri}" is "${scheme}"`, () => assert.equal(schemeOf(uri), scheme));
}

test("a scheme ends within its part of the text", () => {
  assert.equal(schemeEnd("sip:h", 0, 4), 3);
  assert.equal(schemeEnd("sip:h", 0, 3), -1);
  assert.equal(schemeEnd("<sip:h>", 1, 6), 4);
  assert.equal(schemeEnd("1sip:h", 0, 6), -1);
  assert.equal(schemeEnd("s_ip:h", 0, 6), -1);
});
