import type { AudioReading, CallMedia } from "@tandem/b2bua";
import type { AudioQuality, OneWayAudio } from "@tandem/contracts";
import { DirectionQuality } from "./direction-quality.ts";
import { OneWayWatch } from "./one-way-watch.ts";

/** What a call's record says of how it sounded. */
export interface QualityFacts {
  readonly fromIngress: AudioQuality | null;
  readonly fromEgress: AudioQuality | null;
  readonly oneWayAudio: OneWayAudio | null;
}

type AudioOf = Pick<CallMedia, "audio" | "isHeld">;

/**
 * How an answered call sounds, from looks at its counters now and then. Made at the first look, so that a call that is
 * over before has no part of it; `finish` is the last one.
 */
export class CallQuality {
  readonly #beganMs: number;
  readonly #ingress = new DirectionQuality();
  readonly #egress = new DirectionQuality();
  readonly #watch = new OneWayWatch();
  #oneWayAudio: OneWayAudio | undefined;
  #isCounting: boolean;

  /**
   * @param beganMs monotonic: the answer
   * @param isNew false: the counters may have an earlier life's numbers, and count from the first look on
   */
  constructor(beganMs: number, isNew: boolean) {
    this.#beganMs = beganMs;
    this.#isCounting = isNew;
  }

  /** One-way audio, the first time it is found in this call. */
  look(media: AudioOf, nowMs: number): OneWayAudio | undefined {
    return this.#take(media, nowMs, false);
  }

  /** The call is over. */
  finish(media: AudioOf, nowMs: number): OneWayAudio | undefined {
    return this.#take(media, nowMs, true);
  }

  facts(): QualityFacts {
    return {
      fromIngress: this.#ingress.quality(),
      fromEgress: this.#egress.quality(),
      oneWayAudio: this.#oneWayAudio ?? null,
    };
  }

  #take(media: AudioOf, nowMs: number, isLast: boolean): OneWayAudio | undefined {
    const atMs = Math.max(0, nowMs - this.#beganMs);
    const ingress = media.audio("ingress");
    const egress = media.audio("egress");
    if (ingress === undefined || egress === undefined) {
      this.#isCounting = false;
      return undefined;
    }
    if (!this.#isCounting) {
      this.#begin(ingress, egress, atMs);
      return undefined;
    }
    const delayMs = oneWayDelayMs(ingress, egress);
    for (const [direction, reading] of [
      [this.#ingress, ingress],
      [this.#egress, egress],
    ] as const) {
      if (isLast) direction.finish(reading, atMs, delayMs);
      else direction.sample(reading, atMs, delayMs);
    }
    return this.#lookForSilence(media.isHeld, atMs, { caller: ingress, callee: egress });
  }

  #begin(ingress: AudioReading, egress: AudioReading, atMs: number): void {
    this.#isCounting = true;
    this.#ingress.begin(ingress, atMs);
    this.#egress.begin(egress, atMs);
    this.#watch.pause(atMs, { caller: ingress.packets, callee: egress.packets });
  }

  #lookForSilence(
    isHeld: boolean,
    atMs: number,
    { caller, callee }: Readonly<Record<OneWayAudio["silentSide"], AudioReading>>,
  ): OneWayAudio | undefined {
    const packets = { caller: caller.packets, callee: callee.packets };
    if (isHeld) {
      this.#watch.pause(atMs, packets);
      return undefined;
    }
    const found = this.#watch.look(atMs, packets);
    if (found === undefined || this.#oneWayAudio !== undefined) return undefined;
    const { foreignPackets } = found.silentSide === "caller" ? caller : callee;
    this.#oneWayAudio = foreignPackets <= 0 ? found : { ...found, foreignPackets };
    return this.#oneWayAudio;
  }
}

/** Half of both round trips, as far as they are known. */
function oneWayDelayMs(ingress: AudioReading, egress: AudioReading): number {
  return ((ingress.reported?.roundTripMs ?? 0) + (egress.reported?.roundTripMs ?? 0)) / 2;
}
