import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalJson } from "./canonical-json.ts";

test("keys in lexicographic order, no blanks, at every depth (RFC 8225 §9)", () => {
  const value = { orig: { tn: "1" }, iat: 5, dest: { uri: ["b", "a"], tn: ["2"] }, attest: undefined };
  assert.equal(canonicalJson(value), '{"dest":{"tn":["2"],"uri":["b","a"]},"iat":5,"orig":{"tn":"1"}}');
});

test("quotes and control characters are escaped", () => {
  assert.equal(canonicalJson('a"\n'), '"a\\"\\n"');
});
