import type { Clock } from "@tandem/clock";
import { TextTable } from "@tandem/tables";
import { TokenBuckets } from "./token-buckets.ts";

export interface TrunkCalls {
  readonly trunkSid: string;
  readonly calls: number;
}

/** The other gateways of the region, where limits are shared. */
export interface LimitsElsewhere {
  /** Calls of the trunk that are up there. */
  callsOf(trunkSid: string): number;
  /** A call of the trunk's or account's calls per second was let in here. */
  onTake(sid: string): void;
}

/** Calls at a time of each trunk, and calls per second of trunks and accounts: on this gateway, or with others that are known. */
export class TrunkLimits {
  readonly #buckets: TokenBuckets;
  readonly #calls = new TextTable<{ readonly trunkSid: string; calls: number }>();
  #elsewhere: LimitsElsewhere | undefined;

  constructor(clock: Clock) {
    this.#buckets = new TokenBuckets(clock);
  }

  /** From here on calls elsewhere count too. */
  shareWith(elsewhere: LimitsElsewhere): void {
    this.#elsewhere = elsewhere;
  }

  /** Takes one call of the `perSecond` of a trunk, or of the pool of an account. */
  take(sid: string, perSecond: number): boolean {
    if (!this.#buckets.take(sid, perSecond)) return false;
    this.#elsewhere?.onTake(sid);
    return true;
  }

  /** The same question without taking. */
  mayTake(sid: string, perSecond: number): boolean {
    return this.#buckets.mayTake(sid, perSecond);
  }

  /** Calls that `gateways` others have let in since they were heard last. */
  takenElsewhere(sid: string, perSecond: number, calls: number, gateways: number): void {
    this.#buckets.drain(sid, perSecond, calls, gateways);
  }

  /** Here and elsewhere. */
  callsOf(trunkSid: string): number {
    return (this.#calls.get(trunkSid)?.calls ?? 0) + (this.#elsewhere?.callsOf(trunkSid) ?? 0);
  }

  /** Every trunk with calls here. */
  callsHere(): readonly TrunkCalls[] {
    return this.#calls.values();
  }

  begin(trunkSid: string): void {
    const known = this.#calls.get(trunkSid);
    if (known === undefined) this.#calls.set(trunkSid, { trunkSid, calls: 1 });
    else known.calls += 1;
  }

  end(trunkSid: string): void {
    const known = this.#calls.get(trunkSid);
    if (known === undefined) return;
    known.calls -= 1;
    if (known.calls === 0) this.#calls.delete(trunkSid);
  }

  /** Forgets the buckets of those that have no limit any more. */
  retain(sids: Pick<ReadonlySet<string>, "has">): void {
    this.#buckets.retain(sids);
  }
}
