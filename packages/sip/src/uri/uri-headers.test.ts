import assert from "node:assert/strict";
import { test } from "node:test";
import { parseUriHeaders } from "./uri-headers.ts";

test("the headers part is a list of unescaped names and values", () => {
  assert.deepEqual(parseUriHeaders(""), { ok: true, value: [] });
  assert.deepEqual(parseUriHeaders("Subject=project%20x&X%2DA=&b=c=d"), {
    ok: true,
    value: [
      { name: "Subject", value: "project x" },
      { name: "X-A", value: "" },
      { name: "b", value: "c=d" },
    ],
  });
});

test("a name without value, an empty name and a broken escape are malformed", () => {
  for (const headers of ["a", "=b", "a=1&", "a=1&&b=2", "a=%4"]) {
    const parsed = parseUriHeaders(headers);
    assert.ok(!parsed.ok, headers);
    assert.equal(parsed.error.code, "uri-malformed-headers");
  }
});
