import type { DirectionStatistics } from "@tandem/media";

/** What came from one side of a call. */
export interface LegReceived {
  readonly packets: number;
  readonly bytes: number;
  readonly lost: number;
  readonly jitterMs: number;
  /** Telephone events that this side began (RFC 4733); null: whatever carries the media counts none. */
  readonly events: number | null;
  /**
   * Packets that came for this side from an address or port that its source policy does not take, and went no further; null:
   * whatever carries the media counts none.
   */
  readonly foreignPackets: number | null;
}

/** Our relay counts everything. */
export interface CountedReceived extends LegReceived {
  readonly events: number;
  readonly foreignPackets: number;
}

export const nothingReceived: CountedReceived = {
  packets: 0,
  bytes: 0,
  lost: 0,
  jitterMs: 0,
  events: 0,
  foreignPackets: 0,
};

/** What one endpoint has counted. */
export function receivedOf(statistics: DirectionStatistics): CountedReceived {
  const { packets, bytes, lost, jitterMs, events, droppedByReason } = statistics;
  const foreignPackets = droppedByReason["source-address"] + droppedByReason["source-port"];
  return { packets, bytes, lost, jitterMs, events, foreignPackets };
}

/** Of two streams of one side; jitter is that of the worse one. */
export function sumOf(a: CountedReceived, b: CountedReceived): CountedReceived {
  return {
    packets: a.packets + b.packets,
    bytes: a.bytes + b.bytes,
    lost: a.lost + b.lost,
    jitterMs: Math.max(a.jitterMs, b.jitterMs),
    events: a.events + b.events,
    foreignPackets: a.foreignPackets + b.foreignPackets,
  };
}

/** What came after `before`. Loss may shrink, when what was missed comes late; like what is foreign it is never negative. */
export function receivedSince(before: CountedReceived, all: CountedReceived): CountedReceived {
  return {
    packets: all.packets - before.packets,
    bytes: all.bytes - before.bytes,
    lost: Math.max(0, all.lost - before.lost),
    jitterMs: all.jitterMs,
    events: all.events - before.events,
    foreignPackets: Math.max(0, all.foreignPackets - before.foreignPackets),
  };
}
