import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCandidateUri } from "@tandem/routing";
import { nameAddrText, requestUriOf } from "./sip-uri-text.ts";

const table: readonly (readonly [url: string, user: string | undefined, text: string])[] = [
  ["sip:pbx.example", undefined, "sip:pbx.example"],
  ["sip:pbx.example", "+1555", "sip:+1555@pbx.example"],
  ["sip:pbx.example:5080", "+1555", "sip:+1555@pbx.example:5080"],
  ["sip:pbx.example;transport=TCP", undefined, "sip:pbx.example;transport=tcp"],
  ["sips:pbx.example:5061", "+1555", "sip:+1555@pbx.example:5061;transport=tls"],
  ["sip:192.0.2.1;edge=ashburn-ix;tnx=TX00000000000000000000000000000000?X-a=b", undefined, "sip:192.0.2.1"],
  ["sip:[2001:DB8::1]:5060", "a", "sip:a@[2001:db8::1]:5060"],
];

for (const [url, user, text] of table) {
  test(`Request-URI of ${url} with ${user ?? "no user"}`, () => {
    const parsed = parseCandidateUri(url);
    assert.ok(parsed.ok);
    assert.equal(requestUriOf(parsed.value, user), text);
  });
}

test("a display name is quoted, with its escapes (RFC 3261 §25.1)", () => {
  assert.equal(nameAddrText(undefined, "sip:a@b"), "<sip:a@b>");
  assert.equal(nameAddrText("", "sip:a@b"), "<sip:a@b>");
  assert.equal(nameAddrText("Zoe", "sip:a@b"), '"Zoe" <sip:a@b>');
  assert.equal(nameAddrText('a "b" \\c', "sip:a@b"), '"a \\"b\\" \\\\c" <sip:a@b>');
});
