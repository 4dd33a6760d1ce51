import assert from "node:assert/strict";
import { test } from "node:test";
import { parseExpires } from "./expires.ts";

test("delta-seconds of 32 bits (RFC 3261 §20.19)", () => {
  for (const [value, seconds] of [
    ["0", 0],
    ["30", 30],
    ["0030", 30],
    ["4294967295", 4_294_967_295],
  ] as const) {
    assert.deepEqual(parseExpires(value), { ok: true, value: seconds }, value);
  }
});

test("what is none", () => {
  for (const value of ["", "4294967296", "-1", "30 s", "30;x", "Thu, 01 Dec 1994 16:00:00 GMT"]) {
    assert.equal(parseExpires(value).ok, false, value);
  }
});
