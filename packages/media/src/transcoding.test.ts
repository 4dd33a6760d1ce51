import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseSdp, type SessionDescription } from "@tandem/sdp";
import { takenBy, transcodingNeed } from "./transcoding.ts";

function offerOf(...media: readonly string[]): SessionDescription {
  const head = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0"];
  const parsed = parseSdp([...head, ...media, ""].join("\r\n"));
  assert.ok(parsed.ok);
  return parsed.value;
}

const opus = [
  "m=audio 4000 RTP/AVP 111 9 101",
  "a=rtpmap:111 OPUS/48000/2",
  "a=rtpmap:101 telephone-event/8000",
];

describe("transcodingNeed", () => {
  test("nothing in common: what is offered goes out, what is accepted comes in, in its order", () => {
    assert.deepEqual(transcodingNeed(offerOf(...opus), ["PCMA", "PCMU"]), {
      kind: "needed",
      transcoding: { from: ["OPUS", "G722"], without: [], to: ["PCMA", "PCMU"] },
    });
  });

  test("what nothing can read and write is left out altogether", () => {
    const offer = offerOf("m=audio 4000 RTP/AVP 96 8", "a=rtpmap:96 AMR/8000");
    assert.deepEqual(transcodingNeed(offer, ["PCMU"]), {
      kind: "needed",
      transcoding: { from: ["PCMA"], without: ["AMR"], to: ["PCMU"] },
    });
    const amr = offerOf(
      "m=audio 4000 RTP/AVP 96 101",
      "a=rtpmap:96 AMR/8000",
      "a=rtpmap:101 telephone-event/8000",
    );
    assert.deepEqual(transcodingNeed(amr, ["PCMU"]), { kind: "impossible", offered: ["AMR"] });
  });

  for (const [what, accepted, ...media] of [
    ["a side that takes anything", [], ...opus],
    ["one codec in common, the last", ["PCMU", "G722"], ...opus],
    ["upper and lower case", ["opus"], ...opus],
    ["a static payload type without a=rtpmap", ["PCMU"], "m=audio 4000 RTP/AVP 0"],
    ["audio that is switched off", ["PCMU"], "m=audio 0 RTP/AVP 9"],
    ["no audio", ["PCMU"], "m=image 4000 udptl t38"],
    ["audio of which nothing is known", ["PCMU"], "m=audio 4000 RTP/AVP 96"],
    ["an offer without media", ["PCMU"]],
  ] as const) {
    test(`${what}: the offer stays as it is`, () => {
      assert.deepEqual(transcodingNeed(offerOf(...media), accepted), { kind: "none" });
    });
  }

  test("an audio that has nothing in common beside one that has: what is accepted stays in both", () => {
    const offer = offerOf("m=audio 4000 RTP/AVP 0 8", "m=audio 4002 RTP/AVP 9");
    assert.deepEqual(transcodingNeed(offer, ["PCMU"]), {
      kind: "needed",
      transcoding: { from: ["PCMA", "G722"], without: [], to: ["PCMU"] },
    });
  });
});

test("a side takes what it has offered, once, as far as it can be transcoded", () => {
  const offer = offerOf(
    "m=audio 4000 RTP/AVP 96 8 0 101",
    "a=rtpmap:96 AMR/8000",
    "a=rtpmap:101 telephone-event/8000",
    "m=audio 4002 RTP/AVP 0 9",
    "m=audio 0 RTP/AVP 3",
  );
  assert.deepEqual(takenBy(offer), ["PCMA", "PCMU", "G722"]);
});
