import type { AudioReading } from "@tandem/b2bua";
import type { AudioQuality, AudioSample } from "@tandem/contracts";
import { codecImpairment, meanOpinionScore, transmissionRating } from "@tandem/media";
import { AudioSamples } from "./audio-samples.ts";

/** Shorter than this is no sample: it waits for the next look at the call. */
export const minimumSampleMs = 5000;

/** What was counted up to a moment. */
interface Mark {
  readonly atMs: number;
  readonly packets: number;
  readonly lost: number;
}

/** The quality of what came from one side: samples, and what they come to. Times in ms from the call's beginning. */
export class DirectionQuality {
  readonly #samples = new AudioSamples();
  #mark: Mark = { atMs: 0, packets: 0, lost: 0 };
  #codec: string | undefined;
  #reading: AudioReading | undefined;
  #roundTripMs: number | undefined;
  #scoreSum = 0;
  #scoredMs = 0;
  #lowest: number | undefined;

  /**
   * Takes what was counted since the last time as a sample, if that is long enough ago.
   * @param delayMs one way, from this side to the other
   */
  sample(reading: AudioReading, atMs: number, delayMs: number): void {
    this.#note(reading);
    if (atMs - this.#mark.atMs < minimumSampleMs) return;
    this.#samples.add(this.#cut(reading, atMs, delayMs));
  }

  /** The call is over: what is left makes a sample, or goes into the last one. */
  finish(reading: AudioReading, atMs: number, delayMs: number): void {
    this.#note(reading);
    const leftMs = atMs - this.#mark.atMs;
    if (leftMs <= 0) return;
    const rest = this.#cut(reading, atMs, delayMs);
    if (leftMs >= minimumSampleMs) this.#samples.add(rest);
    else if (this.#samples.kept.length > 0) this.#samples.extend(rest);
  }

  /** Counts from now on: what came before was no audio, or another life's. */
  begin(reading: AudioReading, atMs: number): void {
    this.#mark = { atMs, packets: reading.packets, lost: reading.lost };
  }

  /** Undefined: there was no audio. */
  quality(): AudioQuality | null {
    const reading = this.#reading;
    if (reading === undefined) return null;
    return {
      codec: this.#codec ?? null,
      mosMean: this.#scoredMs === 0 ? null : rounded(this.#scoreSum / this.#scoredMs),
      mosMinimum: this.#lowest ?? null,
      roundTripMs: this.#roundTripMs === undefined ? null : rounded(this.#roundTripMs),
      reportedLost: reading.reported?.lost ?? null,
      reportedJitterMs: reading.reported === undefined ? null : rounded(reading.reported.jitterMs),
      samples: [...this.#samples.kept],
    };
  }

  #note(reading: AudioReading): void {
    this.#reading = reading;
    this.#codec = reading.codec ?? this.#codec;
    this.#roundTripMs = reading.reported?.roundTripMs ?? this.#roundTripMs;
  }

  #cut(reading: AudioReading, atMs: number, delayMs: number): AudioSample {
    const packets = Math.max(0, reading.packets - this.#mark.packets);
    const lost = Math.max(0, reading.lost - this.#mark.lost);
    const startMs = this.#mark.atMs;
    const periodMs = atMs - startMs;
    const mos = this.#score(reading, packets, lost, delayMs);
    if (mos !== null) {
      this.#scoreSum += mos * periodMs;
      this.#scoredMs += periodMs;
      this.#lowest = Math.min(this.#lowest ?? mos, mos);
    }
    this.#mark = { atMs, packets: reading.packets, lost: reading.lost };
    const { jitterMs } = reading;
    const roundTripMs = reading.reported?.roundTripMs;
    return {
      startMs: Math.round(startMs),
      periodMs: Math.round(periodMs),
      packets,
      lost,
      jitterMs: rounded(jitterMs),
      mos,
      roundTripMs: roundTripMs === undefined ? null : rounded(roundTripMs),
    };
  }

  /** Null for silence: somebody who sends nothing while not speaking is no bad line. */
  #score({ jitterMs }: AudioReading, packets: number, lost: number, delayMs: number): number | null {
    const codec = this.#codec === undefined ? undefined : codecImpairment(this.#codec);
    if (packets === 0 || codec === undefined) return null;
    const lossRatio = lost / (packets + lost);
    return rounded(meanOpinionScore(transmissionRating({ codec, lossRatio, jitterMs, delayMs })));
  }
}

/** To hundredths: more is not measured, and would be stored with every sample. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
