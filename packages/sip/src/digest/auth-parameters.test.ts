import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { maximumAuthParameters, parseAuthParameters, quote } from "./auth-parameters.ts";

const rows: [text: string, expected: Record<string, string>][] = [
  ['Digest realm="a",nonce="b"', { realm: "a", nonce: "b" }],
  ['digest realm="a", nonce="b"', { realm: "a", nonce: "b" }],
  ['DIGEST  Realm = "a" ,\r\n\t nonce\t=\t"b" ', { realm: "a", nonce: "b" }],
  ['Digest realm="a, b=c",qop=auth,nc=00000001', { realm: "a, b=c", qop: "auth", nc: "00000001" }],
  ['Digest realm="a\\"b\\\\c"', { realm: 'a"b\\c' }],
  ["Digest nonce=abc+/==,realm=x", { nonce: "abc+/==", realm: "x" }],
  ['Digest ,,realm="",,', { realm: "" }],
  ["Digest", {}],
];

test("schemes and parameters", () => {
  for (const [text, expected] of rows) {
    const parsed = parseAuthParameters(text);
    assert.ok(parsed.ok, text);
    assert.equal(parsed.value.scheme, "digest");
    for (const [name, value] of Object.entries(expected)) assert.equal(parsed.value.get(name), value, text);
    assert.equal(parsed.value.get("absent"), undefined);
  }
});

test("what is malformed", () => {
  for (const text of [
    "",
    " ",
    'Digest realm="a',
    'Digest realm="a\\"',
    "Digest realm",
    "Digest realm=",
    "Digest realm=,nonce=b",
    'Digest ="a"',
    'Digest realm="a" nonce="b"',
    'Digest realm="a"x',
    'Digest realm=a"b"',
    'Digest realm="a",REALM="b"',
  ]) {
    assert.equal(parseAuthParameters(text).ok, false, text);
  }
});

test("parameters are taken up to the limit and not one past it", () => {
  const text = (count: number) =>
    `Digest ${Array.from({ length: count }, (_, index) => `p${index}=v`).join(",")}`;
  const atLimit = parseAuthParameters(text(maximumAuthParameters));
  assert.equal(atLimit.ok && atLimit.value.get("p31"), "v");
  assert.equal(parseAuthParameters(text(maximumAuthParameters + 1)).ok, false);
});

test("any text survives quoting, and no text makes the parser throw", () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const parsed = parseAuthParameters(`Digest realm=${quote(value)},x=y`);
      assert.ok(parsed.ok);
      assert.equal(parsed.value.get("realm"), value);
      assert.equal(parsed.value.get("x"), "y");
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("D", " ", ",", "=", '"', "\\", "a") }), (text) => {
      parseAuthParameters(text);
    }),
  );
});
