import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { escapeUriParameter, escapeUser, unescapeUser } from "./escape.ts";
import { parseSipUri } from "./sip-uri.ts";

const table: readonly (readonly [plain: string, escaped: string])[] = [
  ["+15551230001", "+15551230001"],
  ["a-_.!~*'()&=+$,;?/b", "a-_.!~*'()&=+$,;?/b"],
  ["a@b", "a%40b"],
  ["a b", "a%20b"],
  ["50%", "50%25"],
  ["*21#", "*21%23"],
  ["a:b", "a%3Ab"],
  ["\0\r\n", "%00%0D%0A"],
  ["\xe9", "%E9"],
  ['<>"\\', "%3C%3E%22%5C"],
];

for (const [plain, escaped] of table) {
  test(`user ${JSON.stringify(plain)} is written ${escaped}`, () => {
    assert.equal(escapeUser(plain), escaped);
    assert.equal(unescapeUser(escaped), plain);
  });
}

test("what is no escape stays as it is", () => {
  for (const text of ["%", "%4", "%zz", "a%g1b", "100%"]) assert.equal(unescapeUser(text), text);
  assert.equal(unescapeUser("%4a%4A%"), "JJ%");
});

test("a character above U+00FF becomes its UTF-8 bytes", () => assert.equal(escapeUser("\u0416"), "%D0%96"));

test("URI parameters have their own plain characters", () => {
  assert.equal(escapeUriParameter("[a]/:&+$"), "[a]/:&+$");
  assert.equal(escapeUriParameter("a=b;c?d,e@f"), "a%3Db%3Bc%3Fd%2Ce%40f");
});

test("any latin1 text survives as a user, and makes a valid URI", () => {
  const latin1 = fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  });
  fc.assert(
    fc.property(latin1, (text) => {
      assert.equal(unescapeUser(escapeUser(text)), text);
      if (text !== "") assert.ok(parseSipUri(`sip:${escapeUser(text)}@h`).ok);
    }),
  );
});
