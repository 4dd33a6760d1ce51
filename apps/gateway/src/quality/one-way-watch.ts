/** Finds out that one side of a call is heard and the other is not. */
import type { OneWayAudio } from "@tandem/contracts";

/** One side was heard for so long while the other had not sent anything since the answer. */
export const neverHeardMs = 10_000;
/**
 * The same when the other had been heard before. Longer, since somebody who listens may send nothing at all for a while
 * (voice activity detection, RFC 3389).
 */
export const fellSilentMs = 30_000;
/** Packets that a side must have sent to count as heard: a second of speech in packets of 20 ms. */
export const heardPackets = 50;

type Side = OneWayAudio["silentSide"];

interface Heard {
  packets: number;
  /** When packets were last seen to have come; the beginning while none has. */
  lastMs: number;
  hasSent: boolean;
}

/** Looked at from time to time: what it says of silence is at most as late, and never too early. */
export class OneWayWatch {
  readonly #heard: Readonly<Record<Side, Heard>>;

  /** Times are in ms from the call's beginning. */
  constructor() {
    this.#heard = { caller: nothing(0), callee: nothing(0) };
  }

  /** Packets of each side since the beginning. The silent side, as long as it is silent. */
  look(nowMs: number, packets: Readonly<Record<Side, number>>): OneWayAudio | undefined {
    note(this.#heard.caller, packets.caller, nowMs);
    note(this.#heard.callee, packets.callee, nowMs);
    return this.#silence("caller", "callee") ?? this.#silence("callee", "caller");
  }

  /** Silence meant nothing up to now: the call was on hold, or had no audio. */
  pause(nowMs: number, packets: Readonly<Record<Side, number>>): void {
    for (const side of ["caller", "callee"] as const) {
      this.#heard[side].lastMs = nowMs;
      this.#heard[side].packets = packets[side];
      if (packets[side] > 0) this.#heard[side].hasSent = true;
    }
  }

  #silence(silentSide: Side, other: Side): OneWayAudio | undefined {
    const silent = this.#heard[silentSide];
    const heard = this.#heard[other];
    const limitMs = silent.hasSent ? fellSilentMs : neverHeardMs;
    if (heard.packets < heardPackets || heard.lastMs - silent.lastMs < limitMs) return undefined;
    return { silentSide, sinceMs: Math.round(silent.lastMs) };
  }
}

function nothing(lastMs: number): Heard {
  return { packets: 0, lastMs, hasSent: false };
}

function note(heard: Heard, packets: number, nowMs: number): void {
  if (packets === heard.packets) return;
  // Fewer than before: another engine counts from now on.
  if (packets > 0) {
    heard.lastMs = nowMs;
    heard.hasSent = true;
  }
  heard.packets = packets;
}
