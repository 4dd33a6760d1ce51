import assert from "node:assert/strict";
import { test } from "node:test";
import { audioEncodingOf, audioEncodingsOf } from "./audio-encoding.ts";
import { parseSdp } from "./parse-sdp.ts";
import type { MediaDescription } from "./session-description.ts";

function mediaOf(mediaLine: string, ...attributes: readonly string[]): MediaDescription {
  const lines = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0", mediaLine];
  const parsed = parseSdp([...lines, ...attributes, ""].join("\r\n"));
  assert.ok(parsed.ok);
  const [media] = parsed.value.media;
  assert.ok(media);
  return media;
}

function encodingOf(mediaLine: string, ...attributes: readonly string[]): string | undefined {
  const encoding = audioEncodingOf(mediaOf(mediaLine, ...attributes));
  return encoding && `${encoding.name}/${encoding.clockRate}`;
}

test("the encoding of speech is that of the first format that carries any", () => {
  const table: readonly (readonly [expected: string | undefined, ...lines: [string, ...string[]]])[] = [
    ["PCMU/8000", "m=audio 4000 RTP/AVP 0 8 101", "a=rtpmap:101 telephone-event/8000"],
    ["PCMA/8000", "m=audio 4000 RTP/AVP 8"],
    ["G722/8000", "m=audio 4000 RTP/AVP 9"],
    ["G729/8000", "m=audio 4000 RTP/AVP 18"],
    ["opus/48000", "m=audio 4000 RTP/AVP 96 0", "a=rtpmap:96 opus/48000/2"],
    ["iLBC/8000", "m=audio 4000 RTP/AVP 97", "a=rtpmap:97 iLBC/8000"],
    [
      "AMR-WB/16000",
      "m=audio 4000 RTP/AVP 101 13 98",
      "a=rtpmap:101 Telephone-Event/8000",
      "a=rtpmap:13 CN/8000",
      "a=rtpmap:98 AMR-WB/16000",
    ],
    ["speex/8000", "m=audio 4000 RTP/AVP 0", "a=rtpmap:0 speex/8000"],
    [undefined, "m=audio 4000 RTP/AVP 96"],
    [undefined, "m=audio 4000 RTP/AVP 96", "a=rtpmap:96 opus"],
    [undefined, "m=audio 4000 RTP/AVP 96", "a=rtpmap:96 opus/0"],
    [undefined, "m=audio 4000 RTP/AVP 101", "a=rtpmap:101 telephone-event/8000"],
    [undefined, "m=image 4000 udptl t38"],
  ];
  for (const [expected, ...lines] of table) assert.equal(encodingOf(...lines), expected, lines.join(" "));
});

test("all encodings of speech, in the order of the formats, without what stands beside them", () => {
  const media = mediaOf(
    "m=audio 4000 RTP/AVP 96 101 9 13 97 0",
    "a=rtpmap:96 opus/48000/2",
    "a=rtpmap:101 telephone-event/8000",
  );
  assert.deepEqual(audioEncodingsOf(media), [
    { name: "opus", clockRate: 48_000 },
    { name: "G722", clockRate: 8000 },
    { name: "PCMU", clockRate: 8000 },
  ]);
});
