import type { Clock } from "@tandem/clock";

/** Answers per source address and minute to somebody who is in no list. */
export const probesPerMinute = 5;
/** Addresses that are remembered at a time; beyond it nobody new is answered in the running minute. */
export const maximumProbeSources = 10_000;

const minuteMs = 60_000;

/** Counts bare answers to unlisted addresses: at most five per minute and address, then silence. */
export class ProbeBucket {
  readonly #clock: Clock;
  readonly #answers = new Map<string, number>();
  #minuteEndsMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True while the address may still be answered in this minute. */
  take(address: string): boolean {
    const now = this.#clock.monotonicMs();
    if (now >= this.#minuteEndsMs) {
      this.#answers.clear();
      this.#minuteEndsMs = now + minuteMs;
    }
    const answers = this.#answers.get(address) ?? 0;
    if (answers >= probesPerMinute) return false;
    if (answers === 0 && this.#answers.size >= maximumProbeSources) return false;
    this.#answers.set(address, answers + 1);
    return true;
  }
}
