import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMinSe } from "./min-se.ts";
import { parseSessionExpires } from "./session-expires.ts";

const table: readonly (readonly [value: string, expected: string])[] = [
  ["1800", "1800 -"],
  ["1800;refresher=uac", "1800 uac"],
  ["90 ; Refresher = UAS ; x=y", "90 uas"],
  ["4294967295", "4294967295 -"],
  ["4294967296", "error"],
  ["1800;refresher=both", "error"],
  ["1800;refresher", "error"],
  ["1800;", "error"],
  ["1800 90", "error"],
  ["-1", "error"],
  ["", "error"],
];

for (const [value, expected] of table) {
  test(`Session-Expires ${value}`, () => {
    const parsed = parseSessionExpires(value);
    const found = parsed.ok
      ? `${parsed.value.sessionIntervalSeconds} ${parsed.value.refresher ?? "-"}`
      : "error";
    assert.equal(found, expected);
    if (!parsed.ok) assert.equal(parsed.error.code, "session-expires-malformed");
  });
}

for (const [value, expected] of [
  ["90", 90],
  ["90;x=y", 90],
  ["4294967295", 4_294_967_295],
  ["4294967296", "min-se-malformed"],
  ["90;;x", "min-se-malformed"],
  ["ninety", "min-se-malformed"],
  ["", "min-se-malformed"],
] as const) {
  test(`Min-SE ${value}`, () => {
    const parsed = parseMinSe(value);
    assert.equal(parsed.ok ? parsed.value : parsed.error.code, expected);
  });
}
