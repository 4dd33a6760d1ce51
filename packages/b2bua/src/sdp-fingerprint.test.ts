import assert from "node:assert/strict";
import { test } from "node:test";
import { sdpFingerprint } from "./sdp-fingerprint.ts";

test("the same text has the same fingerprint, another one another", () => {
  const text = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n";
  assert.equal(sdpFingerprint(text), sdpFingerprint(`${text.slice(0, 9)}${text.slice(9)}`));
  const others = [
    "",
    text.replace("1 1", "1 2"),
    text.replace("1 1", "2 1"),
    `${text} `,
    text.slice(1),
    "\0",
    "\0\0",
  ];
  const all = [text, ...others].map(sdpFingerprint);
  assert.equal(new Set(all).size, all.length);
  for (const one of all) assert.ok(Number.isSafeInteger(one) && one >= 0);
});
