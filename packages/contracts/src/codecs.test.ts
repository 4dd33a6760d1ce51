import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalCodec, maximumCodecs, transcodableCodecs } from "./codecs.ts";

test("a name is taken in any case and given as it is registered; others are none", () => {
  for (const [text, name] of [
    ["pcmu", "PCMU"],
    ["Opus", "opus"],
    ["SPEEX", "speex"],
    ["gsm", "GSM"],
    ["AMR", undefined],
    ["telephone-event", undefined],
    ["PCMU/8000", undefined],
    ["", undefined],
  ] as const) {
    assert.equal(canonicalCodec(text), name, text);
  }
  for (const name of transcodableCodecs) assert.equal(canonicalCodec(name), name);
});

test("a list may have all of them", () => {
  assert.equal(transcodableCodecs.length, maximumCodecs);
});
