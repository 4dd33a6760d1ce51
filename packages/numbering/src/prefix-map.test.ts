import assert from "node:assert/strict";
import { test } from "node:test";
import { PrefixMap } from "./prefix-map.ts";

const map = new PrefixMap([
  { prefixes: ["+", "+44"], value: "anywhere" },
  { prefixes: ["+4470"], value: "personal" },
  { prefixes: ["+44"], value: "United Kingdom" },
]);

const rows: [text: string, prefix: string | undefined, value: string | undefined][] = [
  ["+447012345678", "+4470", "personal"],
  ["+4470", "+4470", "personal"],
  ["+447", "+44", "United Kingdom"],
  ["+442079460000", "+44", "United Kingdom"],
  ["+15551234567", "+", "anywhere"],
  ["+", "+", "anywhere"],
  ["911", undefined, undefined],
  ["", undefined, undefined],
];

for (const [text, prefix, value] of rows) {
  test(`${JSON.stringify(text)} begins with ${prefix ?? "none"}`, () => {
    const found = map.find(text);
    assert.deepEqual([found?.prefix, found?.value], [prefix, value]);
  });
}

test("a prefix that comes twice counts once, an empty map finds nothing", () => {
  assert.equal(map.size, 3);
  assert.equal(new PrefixMap([]).find("+1"), undefined);
});
