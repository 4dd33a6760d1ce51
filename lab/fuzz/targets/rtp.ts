import {
  ControlObserver,
  isRtcp,
  isRtp,
  ReceptionStatistics,
  type ReportBlock,
  readRtcpReports,
  rtcpSsrcOf,
  sequenceNumberOf,
  ssrcOf,
  timestampOf,
} from "@tandem/media/packets";
import type { FuzzTarget } from "../fuzz-target.ts";
import { packetSeeds } from "../seeds.ts";

export const rtp: FuzzTarget = {
  name: "rtp",
  sources: [
    "packages/media/src/rtp-packet",
    "packages/media/src/reception-statistics",
    "packages/media/src/quality/rtcp-reports",
    "packages/media/src/quality/control-observer",
  ],
  seeds: packetSeeds,
  dictionary: [
    "\x80\x00",
    "\x80\x80",
    "\x80\xc8",
    "\x80\xcb",
    "\x81\xc8\x00\x0c",
    "\x81\xc9\x00\x07",
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
    const observers = [new ControlObserver(), new ControlObserver()] as const;
    let nowMs = 0;
    for (let at = 0; at < bytes.length; ) {
      const length = bytes[at] ?? 0;
      const packet = bytes.subarray(at + 1, at + 1 + length);
      at += 1 + length;
      nowMs += length;
      if (isRtcp(packet)) {
        if (rtcpSsrcOf(packet) !== packet.readInt32BE(4)) throw new Error("another SSRC of RTCP");
        observe(packet, nowMs, observers);
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

/** Packets of even length are one side's, the others the other's. */
function observe(
  packet: Uint8Array,
  nowMs: number,
  [even, odd]: readonly [ControlObserver, ControlObserver],
): void {
  const [from, to] = packet.length % 2 === 0 ? [even, odd] : [odd, even];
  from.receive(packet, nowMs, to);
  // The kernel's program hands over the beginning of a longer one.
  from.receive(packet, nowMs, to, packet.length + (nowMs % 64));
  const read = readRtcpReports(packet);
  if (read.ok) for (const { blocks } of read.reports) for (const block of blocks) judge(block);
  const { roundTripMs = 0 } = from.reported(8000) ?? {};
  if (!isWithin(roundTripMs, 0, 30_000)) throw new Error(`round trip of ${roundTripMs} ms`);
}

function judge({ lostRatio, lost, delayMs }: ReportBlock): void {
  if (!isWithin(lostRatio, 0, 255 / 256)) throw new Error(`a share of ${lostRatio} lost`);
  if (!isWithin(lost, -(2 ** 23), 2 ** 23)) throw new Error(`${lost} lost`);
  if (!isWithin(delayMs, 0, 65_536_000)) throw new Error(`delay of ${delayMs} ms`);
}

function isWithin(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}
