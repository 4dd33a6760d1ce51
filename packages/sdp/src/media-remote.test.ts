import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clockRateOf } from "./clock-rate.ts";
import { remoteOf } from "./media-remote.ts";
import { parseSdp } from "./parse-sdp.ts";
import type { MediaDescription } from "./session-description.ts";

function mediaOf(...lines: string[]): MediaDescription {
  const result = parseSdp(["v=0", "o=- 1 1 IN IP4 192.0.2.1", ...lines].join("\r\n"));
  assert.ok(result.ok && result.value.media[0]);
  return result.value.media[0];
}

const normal = "c=IN IP4 192.0.2.1";

describe("remoteOf", () => {
  test("RTCP is at the next port", () => {
    assert.deepEqual(remoteOf(mediaOf(normal, "m=audio 4000 RTP/AVP 0")), {
      address: "192.0.2.1",
      port: 4000,
      rtcpAddress: "192.0.2.1",
      rtcpPort: 4001,
    });
  });

  test("or where a=rtcp says", () => {
    const audio = "m=audio 4000 RTP/AVP 0";
    const port = remoteOf(mediaOf(normal, audio, "a=rtcp:5005"));
    assert.deepEqual([port?.rtcpAddress, port?.rtcpPort], ["192.0.2.1", 5005]);
    const both = remoteOf(mediaOf(normal, audio, "a=rtcp:5005 IN IP4 192.0.2.2"));
    assert.deepEqual([both?.rtcpAddress, both?.rtcpPort], ["192.0.2.2", 5005]);
    assert.equal(both?.address, "192.0.2.1");
  });

  test("no port comes after 65535", () => {
    assert.equal(remoteOf(mediaOf(normal, "m=audio 65534 RTP/AVP 0"))?.rtcpPort, 65535);
    assert.equal(remoteOf(mediaOf(normal, "m=audio 65535 RTP/AVP 0"))?.rtcpPort, 0);
  });

  test("nowhere when rejected or held by the unspecified address", () => {
    assert.equal(remoteOf(mediaOf(normal, "m=audio 0 RTP/AVP 0")), undefined);
    assert.equal(remoteOf(mediaOf("c=IN IP4 0.0.0.0", "m=audio 4000 RTP/AVP 0")), undefined);
    assert.notEqual(remoteOf(mediaOf(normal, "m=audio 4000 RTP/AVP 0", "a=inactive")), undefined);
  });
});

describe("clockRateOf", () => {
  const rateOf = (formats: string, ...lines: string[]): number =>
    clockRateOf(mediaOf(normal, `m=audio 4000 RTP/AVP ${formats}`, ...lines));

  test("is that of the first format", () => {
    assert.equal(rateOf("96 0", "a=rtpmap:0 PCMU/8000", "a=rtpmap:96 opus/48000/2"), 48000);
    assert.equal(rateOf("97 96", "a=rtpmap:96 opus/48000/2", "a=rtpmap:97 AMR-WB/16000"), 16000);
  });

  test("is 8000 when nobody says, or says nonsense", () => {
    assert.equal(rateOf("0"), 8000);
    assert.equal(rateOf("96", "a=rtpmap:96 opus"), 8000);
    assert.equal(rateOf("96", "a=rtpmap:96 opus/fast"), 8000);
    assert.equal(rateOf("96", "a=rtpmap:96 opus/0"), 8000);
    assert.equal(rateOf("96", "a=rtpmap:96 opus/1"), 1);
    assert.equal(rateOf("96", "a=rtpmap:96 opus/1000000"), 1_000_000);
    assert.equal(rateOf("96", "a=rtpmap:96 opus/1000001"), 8000);
    assert.equal(rateOf("96", "a=rtpmap:96 opus//2"), 8000);
  });
});
