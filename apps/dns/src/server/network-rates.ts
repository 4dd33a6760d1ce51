import type { Clock } from "@tandem/clock";

export interface NetworkRatesOptions {
  readonly clock: Clock;
  readonly perSecond: number;
  readonly burst: number;
  readonly maximumNetworks: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
  /** Times in a row that it was empty. */
  refusals: number;
}

/** A token bucket for each source network; a bounded number of them. */
export class NetworkRates {
  readonly #options: NetworkRatesOptions;
  /** In order of their last use: a Map keeps the order in which keys were set. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: NetworkRatesOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** 0: within the rate. Otherwise how many times in a row it was above. */
  take(network: string): number {
    const { clock, perSecond, burst, maximumNetworks } = this.#options;
    const nowMs = clock.monotonicMs();
    const bucket = this.#buckets.get(network) ?? { tokens: burst, atMs: nowMs, refusals: 0 };
    this.#buckets.delete(network);
    this.#buckets.set(network, bucket);
    if (this.#buckets.size > maximumNetworks) {
      const [oldest = ""] = this.#buckets.keys();
      this.#buckets.delete(oldest);
    }
    bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * perSecond);
    bucket.atMs = nowMs;
    if (bucket.tokens < 1) {
      bucket.refusals += 1;
      return bucket.refusals;
    }
    bucket.tokens -= 1;
    bucket.refusals = 0;
    return 0;
  }
}
