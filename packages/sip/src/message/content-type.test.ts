import assert from "node:assert/strict";
import { test } from "node:test";
import { parseContentType } from "./content-type.ts";

const table: readonly (readonly [value: string, expected: string])[] = [
  ["application/sdp", "application/sdp"],
  ["Application/SDP", "application/sdp"],
  ['multipart / mixed ; boundary="a;b"', 'multipart/mixed;boundary="a;b"'],
  ["text/plain;charset=utf-8", "text/plain;charset=utf-8"],
  ["", "error"],
  ["text", "error"],
  ["text/", "error"],
  ["/plain", "error"],
  ["text/plain html", "error"],
  ["text/plain;", "error"],
  ["text/plain;x=", "error"],
  ["text/plain, text/html", "error"],
];

for (const [value, expected] of table) {
  test(`Content-Type "${value}"`, () => {
    const parsed = parseContentType(value);
    assert.equal(parsed.ok ? parsed.value.mediaType + parsed.value.parameters.toString() : "error", expected);
    if (!parsed.ok) assert.equal(parsed.error.code, "content-type-malformed");
  });
}
