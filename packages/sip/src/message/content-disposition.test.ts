import assert from "node:assert/strict";
import { test } from "node:test";
import { parseContentDisposition } from "./content-disposition.ts";

for (const [value, type, isOptional] of [
  ["session", "session", false],
  ["Session;handling=required", "session", false],
  ["session ; Handling = OPTIONAL", "session", true],
  ['signal;handling="optional"', "signal", true],
  ["early-session;x=optional", "early-session", false],
  ["render;handling=maybe", "render", false],
  ["render;handling", "render", false],
] as const) {
  test(`Content-Disposition ${value} (RFC 3261 §20.11)`, () => {
    assert.deepEqual(parseContentDisposition(value), { ok: true, value: { type, isOptional } });
  });
}

test("what is no Content-Disposition", () => {
  for (const value of ["", ";handling=optional", "session handling=optional", "session;;", 'session;x="']) {
    assert.equal(parseContentDisposition(value).ok, false, value);
  }
});
