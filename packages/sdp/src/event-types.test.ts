import assert from "node:assert/strict";
import { test } from "node:test";
import { eventTypesOf } from "./event-types.ts";
import { parseSdp } from "./parse-sdp.ts";

function typesOf(...mediaLines: readonly string[]): readonly (readonly number[])[] {
  const lines = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0", ...mediaLines];
  const parsed = parseSdp([...lines, ""].join("\r\n"));
  assert.ok(parsed.ok);
  return parsed.value.media.map(eventTypesOf);
}

const event = "telephone-event/8000";

test("telephone events are read by name, in any case, at any clock rate, in the order of the formats", () => {
  const table: readonly (readonly [expected: readonly number[], ...lines: [string, ...string[]]])[] = [
    [[101], "m=audio 4000 RTP/AVP 0 101", `a=rtpmap:101 ${event}`, "a=fmtp:101 0-15"],
    [[101], "m=audio 4000 RTP/AVP 0 101", "a=rtpmap:101 Telephone-EVENT/8000"],
    [[101], "m=audio 4000 RTP/AVP 101", "a=rtpmap:101 telephone-event/48000/1"],
    [
      [110, 96, 127],
      "m=audio 4000 RTP/AVP 110 111 96 127",
      "a=rtpmap:96 telephone-event/8000",
      "a=rtpmap:111 opus/48000/2",
      "a=rtpmap:110 telephone-event/48000",
      "a=rtpmap:127 telephone-event/16000",
    ],
    [[0], "m=audio 4000 RTP/AVP 0", `a=rtpmap:0 ${event}`],
    [[], "m=audio 4000 RTP/AVP 0 8"],
    [[], "m=audio 4000 RTP/AVP 0", `a=rtpmap:101 ${event}`],
    [[], "m=audio 4000 RTP/AVP 101", "a=rtpmap:101 telephone-event"],
    [[], "m=audio 4000 RTP/AVP 101", "a=rtpmap:101 telephone-events/8000"],
    [[], "m=audio 4000 RTP/AVP 101", "a=rtpmap:101 telephone-evenk/8000"],
    [[], "m=audio 4000 RTP/AVP 101", "a=rtpmap:101 x-telephone-event/8000"],
    [[], "m=audio 4000 RTP/AVP 128", `a=rtpmap:128 ${event}`],
    [
      [101, 102],
      "m=audio 4000 RTP/AVP 101 128 x 102",
      ...["101", "128", "x", "102"].map((format) => `a=rtpmap:${format} ${event}`),
    ],
    [[], "m=image 4000 udptl t38"],
  ];
  for (const [expected, ...lines] of table) assert.deepEqual(typesOf(...lines), [expected], lines.join(" "));
});

test("each media description has its own, and those of one are shared", () => {
  const audio = ["m=audio 4000 RTP/AVP 101", `a=rtpmap:101 ${event}`];
  const [first, second, third] = typesOf(
    ...audio,
    "m=audio 4002 RTP/AVP 96 97",
    `a=rtpmap:96 ${event}`,
    `a=rtpmap:97 ${event}`,
    ...audio,
  );
  assert.deepEqual([first, second, third], [[101], [96, 97], [101]]);
  assert.equal(first, third);
});
