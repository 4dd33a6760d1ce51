import type { AudioSample } from "@tandem/contracts";

/**
 * Samples of one direction that are kept: ten minutes at a sample every ten seconds. When there are as many, neighbours
 * are made one, and so are the samples that follow, so that a call of any length is covered from beginning to end.
 */
export const maximumSamples = 60;

/** The samples of one direction, in order of time, and never more than `maximumSamples`. */
export class AudioSamples {
  #samples: AudioSample[] = [];
  /** Samples that make one; a power of two. */
  #perKept = 1;
  /** How many the last one is made of. */
  #inLast = 0;

  get kept(): readonly AudioSample[] {
    return this.#samples;
  }

  add(sample: AudioSample): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && this.#inLast < this.#perKept) {
      this.#samples[this.#samples.length - 1] = joined(last, sample);
      this.#inLast += 1;
      return;
    }
    if (this.#samples.length === maximumSamples) this.#thin();
    this.#samples.push(sample);
    this.#inLast = 1;
  }

  /** What is left at the end of a call is no sample of its own. */
  extend(rest: AudioSample): void {
    const last = this.#samples.at(-1);
    if (last === undefined) this.#samples.push(rest);
    else this.#samples[this.#samples.length - 1] = joined(last, rest);
  }

  #thin(): void {
    const thinned: AudioSample[] = [];
    for (let index = 0; index < this.#samples.length; index += 2) {
      const [first, second] = this.#samples.slice(index, index + 2);
      if (first !== undefined) thinned.push(second === undefined ? first : joined(first, second));
    }
    this.#samples = thinned;
    this.#perKept *= 2;
  }
}

/** Of the two what was worse, so that a bad time is still seen in a long call. */
function joined(a: AudioSample, b: AudioSample): AudioSample {
  return {
    startMs: a.startMs,
    periodMs: a.periodMs + b.periodMs,
    packets: a.packets + b.packets,
    lost: a.lost + b.lost,
    jitterMs: Math.max(a.jitterMs, b.jitterMs),
    mos: worse(Math.min, a.mos, b.mos),
    roundTripMs: worse(Math.max, a.roundTripMs, b.roundTripMs),
  };
}

function worse(choose: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return choose(a, b);
}
