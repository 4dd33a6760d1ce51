import type { Clock } from "@tandem/clock";

export interface RequestRateLimits {
  /** Requests a second that a caller may go on with. */
  readonly perSecond: number;
  /** Requests at once after a pause. */
  readonly burst: number;
  /** Callers whose buckets are remembered. */
  readonly maximumTrackedCallers: number;
}

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/**
 * A token bucket for each caller. Callers are authenticated, so there are no more of them than keys; beyond
 * `maximumTrackedCallers` the one that has been silent for the longest time is forgotten, and begins with a full bucket.
 */
export class RequestRates {
  /** The caller that asked last stands last. */
  readonly #buckets = new Map<string, Bucket>();
  readonly #clock: Clock;
  readonly #limits: RequestRateLimits;

  constructor(clock: Clock, limits: RequestRateLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  get trackedCallers(): number {
    return this.#buckets.size;
  }

  /** Takes a token. 0: there was one; otherwise whole seconds until there is, and none was taken. */
  take(caller: string): number {
    const bucket = this.#filled(caller);
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / this.#limits.perSecond));
    bucket.tokens -= 1;
    return 0;
  }

  #filled(caller: string): Bucket {
    const { burst, perSecond, maximumTrackedCallers } = this.#limits;
    const nowMs = this.#clock.monotonicMs();
    const known = this.#buckets.get(caller);
    if (known === undefined && this.#buckets.size >= maximumTrackedCallers) this.#forgetOne();
    const bucket = known ?? { tokens: burst, filledAtMs: nowMs };
    const gained = ((nowMs - bucket.filledAtMs) / 1000) * perSecond;
    bucket.tokens = Math.min(burst, bucket.tokens + gained);
    bucket.filledAtMs = nowMs;
    this.#buckets.delete(caller);
    this.#buckets.set(caller, bucket);
    return bucket;
  }

  #forgetOne(): void {
    const silent = this.#buckets.keys().next();
    if (!silent.done) this.#buckets.delete(silent.value);
  }
}
