import type { Clock } from "@tandem/clock";

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** Token buckets by SID: `perSecond` calls flow in each second, and at most as many (but at least one) may come at once. */
export class TokenBuckets {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes the token of one call. False: there is none. */
  take(sid: string, perSecond: number): boolean {
    const bucket = this.#fill(sid, perSecond);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** The same question without taking. */
  mayTake(sid: string, perSecond: number): boolean {
    return this.#fill(sid, perSecond).tokens >= 1;
  }

  /**
   * Takes the tokens of calls that were let in already, by `takers` others with a full bucket each. What is missing is owed,
   * so that in the long run no more calls come than flow; as much as all their buckets hold is owed at most.
   */
  drain(sid: string, perSecond: number, calls: number, takers: number): void {
    const bucket = this.#fill(sid, perSecond);
    bucket.tokens = Math.max(bucket.tokens - calls, -takers * burstOf(perSecond));
  }

  /** Forgets the buckets of those that are no more. */
  retain(sids: Pick<ReadonlySet<string>, "has">): void {
    for (const sid of this.#buckets.keys()) if (!sids.has(sid)) this.#buckets.delete(sid);
  }

  #fill(sid: string, perSecond: number): Bucket {
    const now = this.#clock.monotonicMs();
    const known = this.#buckets.get(sid);
    if (known === undefined) {
      const bucket = { tokens: burstOf(perSecond), filledAtMs: now };
      this.#buckets.set(sid, bucket);
      return bucket;
    }
    const flown = ((now - known.filledAtMs) / 1000) * perSecond;
    known.tokens = Math.min(burstOf(perSecond), known.tokens + flown);
    known.filledAtMs = now;
    return known;
  }
}

function burstOf(perSecond: number): number {
  return Math.max(1, perSecond);
}
