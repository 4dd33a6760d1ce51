import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRAck, parseRSeq } from "./rack.ts";

test("an RAck names response, sequence number and method (RFC 3262 §7.2)", () => {
  const value = { responseNumber: 776656, sequenceNumber: 1, method: "INVITE" };
  assert.deepEqual(parseRAck("776656 1 INVITE"), { ok: true, value });
  assert.deepEqual(parseRAck("776656 \t 1  INVITE"), { ok: true, value });
});

test("what is no RAck", () => {
  for (const value of [
    "",
    "1",
    "1 INVITE",
    "0 1 INVITE",
    "4294967296 1 INVITE",
    "1 2147483648 INVITE",
    "1 1 ",
  ]) {
    assert.equal(parseRAck(value).ok, false, value);
  }
});

test("an RSeq is a number from 1 to 2^32 - 1 (RFC 3262 §7.1)", () => {
  assert.deepEqual(parseRSeq("1"), { ok: true, value: 1 });
  assert.deepEqual(parseRSeq("4294967295"), { ok: true, value: 4_294_967_295 });
  for (const value of ["", "0", "4294967296", "1 1", "-1", "x"])
    assert.equal(parseRSeq(value).ok, false, value);
});
