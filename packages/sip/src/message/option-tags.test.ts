import assert from "node:assert/strict";
import { test } from "node:test";
import { hasOptionTag, optionTagsOf, unsupportedOptionTags } from "./option-tags.ts";
import { parseMessage } from "./parse-message.ts";

const parsed = parseMessage(
  "INVITE sip:h SIP/2.0\r\nk: Timer, 100rel,,path\r\nSupported: gruu\r\nRequire: 100REL, X-Magic\r\n\r\n",
  "datagram",
);
assert.ok(parsed.ok);
const message = parsed.value;

test("option tags of all rows, in lower case, empty ones left out", () => {
  assert.deepEqual(optionTagsOf(message, "Supported"), ["timer", "100rel", "path", "gruu"]);
  assert.deepEqual(optionTagsOf(message, "Proxy-Require"), []);
});

test("whether an option tag is there", () => {
  assert.ok(hasOptionTag(message, "Supported", "timer"));
  assert.ok(hasOptionTag(message, "Supported", "gruu"));
  assert.ok(!hasOptionTag(message, "Supported", "tim"));
  assert.ok(!hasOptionTag(message, "Require", "timer"));
  assert.ok(!hasOptionTag(message, "Proxy-Require", "timer"));
});

test("what a 420 has to list, as written", () => {
  assert.deepEqual(unsupportedOptionTags(message, "Require", ["100rel"]), ["X-Magic"]);
  assert.deepEqual(unsupportedOptionTags(message, "Require", ["100rel", "x-magic"]), []);
  assert.deepEqual(unsupportedOptionTags(message, "Require", []), ["100REL", "X-Magic"]);
  assert.deepEqual(unsupportedOptionTags(message, "Proxy-Require", []), []);
});
