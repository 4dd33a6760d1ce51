import assert from "node:assert/strict";
import { type Group, shortTimers } from "../group.ts";
import { customerCalls, payloadTypes } from "./g711-call.ts";

const why = /^plain RTP; transcoding to PCMU towards KG\w+, but no rtpengine is configured$/;

/** The same configuration on a gateway that has no rtpengine: the offer goes as it is. */
export const withoutTranscoding: Group = {
  name: "without-transcoding",
  peers: [],
  stage: { block: "127.1", network: 3, exchange: { gateway: { timers: shortTimers } } },
  concurrency: 1,
  scenarios: [
    {
      name: "transcoding-refused",
      sentence: "without rtpengine a carrier refuses the codec that it lacks, and the record says why",
      play: async (stage) => {
        const { caller, record } = await customerCalls(stage, {
          caller: "PCMA",
          callee: "PCMU",
          codecs: "PCMU",
          answer: { statusCode: 488 },
        });
        assert.equal(caller.statusCode, 488);
        assert.deepEqual(record.attempts, ["failed 488"]);
        assert.equal(record.media.engine, "relay");
        assert.match(record.media.engine_reason ?? "", why);
      },
    },
    {
      name: "transcoding-not-needed-after-all",
      sentence:
        "without rtpengine a carrier that takes more than its list says is heard in the caller's codec",
      play: async (stage) => {
        const { caller, callee, record } = await customerCalls(stage, {
          caller: "PCMA",
          callee: "PCMA",
          codecs: "PCMU",
        });
        assert.match(callee?.request?.body ?? "", /^m=audio \d+ RTP\/AVP 8\r$/m);
        assert.equal(caller.audio.lastPayloadType, payloadTypes.PCMA);
        assert.equal(record.media.engine, "relay");
        assert.match(record.media.engine_reason ?? "", why);
      },
    },
  ],
};
