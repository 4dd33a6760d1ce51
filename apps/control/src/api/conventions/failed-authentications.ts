import type { Clock } from "@tandem/clock";

interface Tally {
  failures: number;
  readonly windowEndMs: number;
}

/**
 * Counts failed authentications per key in fixed windows and says when a key has had enough. Memory is bounded: beyond
 * `maximumTrackedKeys` the key that was heard of first is forgotten.
 */
export class FailedAuthentications {
  readonly #tallies = new Map<string, Tally>();
  readonly #clock: Clock;
  readonly #limits: {
    readonly windowMs: number;
    readonly maximumFailures: number;
    readonly maximumTrackedKeys: number;
  };

  constructor(
    clock: Clock,
    limits: {
      readonly windowMs: number;
      readonly maximumFailures: number;
      readonly maximumTrackedKeys: number;
    },
  ) {
    this.#clock = clock;
    this.#limits = limits;
  }

  get trackedKeys(): number {
    return this.#tallies.size;
  }

  /** Whole seconds until the key may try again; 0: now. */
  blockedSeconds(key: string): number {
    const tally = this.#current(key);
    if (tally === undefined || tally.failures < this.#limits.maximumFailures) return 0;
    return Math.max(1, Math.ceil((tally.windowEndMs - this.#clock.monotonicMs()) / 1000));
  }

  recordFailure(key: string): void {
    const tally = this.#current(key);
    if (tally !== undefined) {
      tally.failures += 1;
      return;
    }
    if (this.#tallies.size >= this.#limits.maximumTrackedKeys) this.#forgetOldest();
    this.#tallies.set(key, { failures: 1, windowEndMs: this.#clock.monotonicMs() + this.#limits.windowMs });
  }

  recordSuccess(key: string): void {
    this.#tallies.delete(key);
  }

  #current(key: string): Tally | undefined {
    const tally = this.#tallies.get(key);
    if (tally === undefined || this.#clock.monotonicMs() < tally.windowEndMs) return tally;
    this.#tallies.delete(key);
    return undefined;
  }

  #forgetOldest(): void {
    const oldest = this.#tallies.keys().next();
    if (!oldest.done) this.#tallies.delete(oldest.value);
  }
}
