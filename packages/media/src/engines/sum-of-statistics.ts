import type { DirectionStatistics, DropReason } from "../media-relay.ts";

export const noStatistics: DirectionStatistics = {
  packets: 0,
  bytes: 0,
  lost: 0,
  reordered: 0,
  duplicates: 0,
  jitterMs: 0,
  events: 0,
  dropped: 0,
  droppedByReason: { "no-remote": 0, "source-address": 0, "source-port": 0, "not-rtp": 0 },
  rtcpPackets: 0,
  unforwarded: 0,
};

/** What two engines have counted of one side, one after the other. Jitter is the later one's, once it has any. */
export function sumOfStatistics(
  before: DirectionStatistics,
  after: DirectionStatistics,
): DirectionStatistics {
  const sumOfReason = (reason: DropReason): number =>
    before.droppedByReason[reason] + after.droppedByReason[reason];
  return {
    packets: before.packets + after.packets,
    bytes: before.bytes + after.bytes,
    lost: before.lost + after.lost,
    reordered: before.reordered + after.reordered,
    duplicates: before.duplicates + after.duplicates,
    jitterMs: after.packets > 0 ? after.jitterMs : before.jitterMs,
    events: before.events + after.events,
    dropped: before.dropped + after.dropped,
    droppedByReason: {
      "no-remote": sumOfReason("no-remote"),
      "source-address": sumOfReason("source-address"),
      "source-port": sumOfReason("source-port"),
      "not-rtp": sumOfReason("not-rtp"),
    },
    rtcpPackets: before.rtcpPackets + after.rtcpPackets,
    unforwarded: before.unforwarded + after.unforwarded,
  };
}
