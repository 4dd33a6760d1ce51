import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTelUri } from "./tel-uri.ts";

const wellFormed: readonly (readonly [uri: string, number: string, isGlobal: boolean, context?: string])[] = [
  ["tel:+15551230001", "+15551230001", true],
  ["TEL:+1-555-(123).0001", "+15551230001", true],
  ["tel:7042;phone-context=example.com", "7042", false, "example.com"],
  ["tel:*21#", "*21#", false],
  ["tel:aF09", "aF09", false],
  ["tel:+1555;npdi;rn=+1556", "+1555", true],
];

for (const [uri, number, isGlobal, context] of wellFormed) {
  test(`tel URI ${uri}`, () => {
    const parsed = parseTelUri(uri);
    assert.ok(parsed.ok);
    assert.equal(parsed.value.number, number);
    assert.equal(parsed.value.isGlobal, isGlobal);
    assert.equal(parsed.value.phoneContext, context);
  });
}

test("parameters of a tel URI are there", () => {
  const parsed = parseTelUri("tel:+1555;npdi;rn=+1556");
  assert.ok(parsed.ok);
  assert.ok(parsed.value.parameters.has("npdi"));
  assert.equal(parsed.value.parameters.get("rn"), "+1556");
});

for (const uri of [
  "sip:+1@h",
  "sip:+1555",
  "tex:+1555",
  "tel:",
  "tel:+",
  "tel:+12a",
  "tel:+1*",
  "tel:--",
  "tel:12 34",
  "tel:+1;",
  "tel:1g",
]) {
  test(`no tel URI: ${uri}`, () => assert.ok(!parseTelUri(uri).ok));
}
