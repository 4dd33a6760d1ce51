import assert from "node:assert/strict";
import { test } from "node:test";
import { maximumCodecs, transcodableCodecs } from "@tandem/contracts";
import { codecsOf } from "./codecs.ts";

for (const [what, text, codecs] of [
  ["nothing changes nothing", undefined, undefined],
  ["null is no list", null, []],
  ["an empty text is no list", " , ", []],
  ["in order, in any case, once", "pcma, OPUS ,PCMU,PCMA,", ["PCMA", "opus", "PCMU"]],
  ["all there are", transcodableCodecs.join(), [...transcodableCodecs]],
] as const) {
  test(`codecs: ${what}`, () => assert.deepEqual(codecsOf(text), codecs));
}

for (const [what, text, message] of [
  ["a name that nothing transcodes", "PCMU, AMR", / Codecs: AMR is none of PCMU, PCMA, G722, .*speex\.$/],
  ["a payload type", "0", / Codecs: 0 is none of /],
  ["more than may be", "PCMU,".repeat(maximumCodecs + 1), / Codecs has more than 8 names\.$/],
] as const) {
  test(`codecs: ${what} is refused`, () => {
    assert.throws(() => codecsOf(text), { name: "ApiError", code: 20_001, message });
  });
}

test("codecs: as many as may be", () => {
  assert.deepEqual(codecsOf("PCMU,".repeat(maximumCodecs)), ["PCMU"]);
});
