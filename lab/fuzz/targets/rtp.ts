import {
  isRtcp,
  isRtp,
  ReceptionStatistics,
  rtcpSsrcOf,
  sequenceNumberOf,
  ssrcOf,
  timestampOf,
} from "@tandem/media/packets";
import type { FuzzTarget } from "../fuzz-target.ts";
import { packetSeeds } from "../seeds.ts";

export const rtp: FuzzTarget = {
  name: "rtp",
  sources: ["packages/media/src/rtp-packet", "packages/media/src/reception-statistics"],
  seeds: packetSeeds,
  dictionary: [
    "\x80\x00",
    "\x80\x80",
    "\x80\xc8",
    "\x80\xcb",
    "\x00\x01\x00\x00\x21\x12\xa4\x42",
    "\x16\xfe\xfd",
    "\xff\xff",
    "\x00\x00",
    "\x0c",
    "\x08",
  ],
  maximumBytes: 4096,
  /** Datagrams as they come to a relay's socket; what is neither RTP nor RTCP (STUN, DTLS, nothing) passes unread. */
  run(input) {
    const bytes = Buffer.from(input, "latin1");
    const statistics = new ReceptionStatistics();
    let nowMs = 0;
    for (let at = 0; at < bytes.length; ) {
      const length = bytes[at] ?? 0;
      const packet = bytes.subarray(at + 1, at + 1 + length);
      at += 1 + length;
      nowMs += length;
      if (isRtcp(packet)) {
        if (rtcpSsrcOf(packet) !== packet.readInt32BE(4)) throw new Error("another SSRC of RTCP");
      }
      if (!isRtp(packet)) continue;
      if (sequenceNumberOf(packet) !== packet.readUInt16BE(2)) throw new Error("another sequence number");
      if (timestampOf(packet) !== packet.readInt32BE(4)) throw new Error("another timestamp");
      if (ssrcOf(packet) !== packet.readInt32BE(8)) throw new Error("another SSRC");
      statistics.receive(packet, nowMs);
      if (!(statistics.lost >= 0)) throw new Error(`${statistics.lost} packets lost`);
      if (!(statistics.jitterMs >= 0 && Number.isFinite(statistics.jitterMs)))
        throw new Error(`jitter of ${statistics.jitterMs} ms`);
    }
  },
};
