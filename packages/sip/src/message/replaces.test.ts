import assert from "node:assert/strict";
import { test } from "node:test";
import { parseReplaces } from "./replaces.ts";

test("Replaces names a dialog as its recipient sees it (RFC 3891 §6.1)", () => {
  const value = { callId: "a84b4c@host", toTag: "7743", fromTag: "6472", isEarlyOnly: false };
  assert.deepEqual(parseReplaces("a84b4c@host;to-tag=7743;from-tag=6472"), { ok: true, value });
  assert.deepEqual(parseReplaces("a84b4c@host ; from-tag = 6472;to-tag=7743 ;early-only"), {
    ok: true,
    value: { ...value, isEarlyOnly: true },
  });
});

test("what is no Replaces", () => {
  const values = [
    "",
    "a",
    ";to-tag=1;from-tag=2",
    "a;to-tag=1",
    "a;from-tag=2",
    "a;to-tag;from-tag=2",
    "a;to-tag=1;;from-tag=2",
  ];
  for (const value of values) assert.equal(parseReplaces(value).ok, false, value);
});
