import assert from "node:assert/strict";
import { test } from "node:test";
import { closeText } from "./gateway-connection.ts";

test("the text of a close frame has at most 123 bytes, in whole characters", () => {
  assert.equal(closeText("short"), "short");
  assert.equal(closeText("x".repeat(123)), "x".repeat(123));
  assert.equal(closeText("x".repeat(124)), "x".repeat(123));
  assert.equal(closeText("é".repeat(61)), "é".repeat(61));
  assert.equal(closeText("é".repeat(62)), "é".repeat(61), "124 bytes; 123 would cut the last one");
});
