import assert from "node:assert/strict";
import { test } from "node:test";
import { newCallId, newTag, randomHex } from "./identifiers.ts";

/** More than the pool of random bytes gives before it is filled again. */
const manyTimes = 2000;

test("a tag is 64 random bits in hex, and no two are alike (RFC 3261 §19.3)", () => {
  const tags = new Set<string>();
  for (let i = 0; i < manyTimes; i++) tags.add(newTag());
  assert.equal(tags.size, manyTimes);
  for (const tag of tags) assert.match(tag, /^[0-9a-f]{16}$/);
});

test("a Call-ID is 128 random bits in hex and names no host", () => {
  const callIds = new Set<string>();
  for (let i = 0; i < manyTimes; i++) callIds.add(newCallId());
  assert.equal(callIds.size, manyTimes);
  for (const callId of callIds) assert.match(callId, /^[0-9a-f]{32}$/);
});

test("random text of 1 and of 64 bytes", () => {
  assert.match(randomHex(1), /^[0-9a-f]{2}$/);
  assert.match(randomHex(64), /^[0-9a-f]{128}$/);
});
