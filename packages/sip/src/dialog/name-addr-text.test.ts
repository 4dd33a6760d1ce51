import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNameAddr } from "../message/index.ts";
import { withoutTag } from "./name-addr-text.ts";

const table: [value: string, expected: string][] = [
  ["<sip:a@b>;tag=1", "<sip:a@b>"],
  ["<sip:a@b>", "<sip:a@b>"],
  ["sip:a@b;tag=1", "sip:a@b"],
  ["sip:a@b", "sip:a@b"],
  ["sip:a@b;x=1;TAG=2;y", "sip:a@b;x=1;y"],
  ["Bob <sip:a@b;tag=uri>;tag=1", "Bob <sip:a@b;tag=uri>"],
  ['"Bob \\" <sip:x@y>;tag=0" <sip:a@b>;tag=1;z="<q>"', '"Bob \\" <sip:x@y>;tag=0" <sip:a@b>;z="<q>"'],
  ['"" <sip:a@b> ; tag=1', '"" <sip:a@b>'],
  ['sip:a@b;x="<";tag=1', 'sip:a@b;x="<"'],
];

for (const [value, expected] of table) {
  test(`${value} without its tag`, () => {
    const parsed = parseNameAddr(value);
    assert.ok(parsed.ok);
    assert.equal(withoutTag(parsed.value), expected);
  });
}
