import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isRtcp, isRtp, rtcpSsrcOf, sequenceNumberOf, ssrcOf, timestampOf } from "./rtp-packet.ts";

function packet(first: number, second: number, length: number): Uint8Array {
  const data = new Uint8Array(length);
  data[0] = first;
  data[1] = second;
  return data;
}

describe("RTP and RTCP headers", () => {
  test("RTP is version 2 and 12 bytes or more", () => {
    assert.equal(isRtp(packet(0x80, 0, 12)), true);
    assert.equal(isRtp(packet(0x80, 0, 11)), false);
    assert.equal(isRtp(packet(0xbf, 0, 12)), true);
    assert.equal(isRtp(packet(0x00, 0, 12)), false);
    assert.equal(isRtp(packet(0x40, 0, 12)), false);
    assert.equal(isRtp(packet(0xc0, 0, 12)), false);
    assert.equal(isRtp(new Uint8Array(0)), false);
  });

  test("RTCP is version 2, 8 bytes or more, types 192 to 223", () => {
    assert.equal(isRtcp(packet(0x80, 200, 8)), true);
    assert.equal(isRtcp(packet(0x80, 200, 7)), false);
    assert.equal(isRtcp(packet(0x40, 200, 8)), false);
    assert.equal(isRtcp(packet(0x80, 191, 8)), false);
    assert.equal(isRtcp(packet(0x80, 192, 8)), true);
    assert.equal(isRtcp(packet(0x80, 223, 8)), true);
    assert.equal(isRtcp(packet(0x80, 224, 8)), false);
  });

  test("fields are where RFC 3550 puts them", () => {
    const data = Uint8Array.from([0x80, 0, 0xab, 0xcd, 0x01, 0x02, 0x03, 0x04, 0xff, 0xfe, 0xfd, 0xfc]);
    assert.equal(sequenceNumberOf(data), 0xabcd);
    assert.equal(timestampOf(data), 0x01020304);
    assert.equal(ssrcOf(data), 0xfffefdfc | 0);
    assert.equal(rtcpSsrcOf(data), 0x01020304);
  });
});
