import type { Clock } from "@tandem/clock";
import { TextTable } from "@tandem/tables";

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** Calls per second and calls at a time of each trunk, on this gateway. */
export class TrunkLimits {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();
  readonly #calls = new TextTable<number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Takes one call from the trunk's token bucket: `perSecond` calls flow in each second, and at most as many (but at
   * least one) may come at once.
   */
  take(trunkSid: string, perSecond: number): boolean {
    const bucket = this.#fill(trunkSid, perSecond);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** The same question without taking. */
  mayTake(trunkSid: string, perSecond: number): boolean {
    return this.#fill(trunkSid, perSecond).tokens >= 1;
  }

  callsOf(trunkSid: string): number {
    return this.#calls.get(trunkSid) ?? 0;
  }

  begin(trunkSid: string): void {
    this.#calls.set(trunkSid, this.callsOf(trunkSid) + 1);
  }

  end(trunkSid: string): void {
    const left = this.callsOf(trunkSid) - 1;
    if (left > 0) this.#calls.set(trunkSid, left);
    else this.#calls.delete(trunkSid);
  }

  /** Forgets the buckets of trunks that are no more. */
  retain(trunkSids: Pick<ReadonlySet<string>, "has">): void {
    for (const sid of this.#buckets.keys()) if (!trunkSids.has(sid)) this.#buckets.delete(sid);
  }

  #fill(trunkSid: string, perSecond: number): Bucket {
    const now = this.#clock.monotonicMs();
    const burst = Math.max(1, perSecond);
    const known = this.#buckets.get(trunkSid);
    if (known === undefined) {
      const bucket = { tokens: burst, filledAtMs: now };
      this.#buckets.set(trunkSid, bucket);
      return bucket;
    }
    known.tokens = Math.min(burst, known.tokens + ((now - known.filledAtMs) / 1000) * perSecond);
    known.filledAtMs = now;
    return known;
  }
}
