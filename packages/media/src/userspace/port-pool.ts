import type { Clock, Timer } from "@tandem/clock";
import { Fifo } from "./fifo.ts";
import { type PairPlace, SocketPair } from "./socket-pair.ts";

/** Pairs that are bound in one go when the pool grows, so that a growing pool does not hold up packets. */
export const growthBatch = 4;

export interface PortPoolOptions {
  readonly clock: Clock;
  readonly place: PairPlace;
  /** Both inclusive. An odd first port and an even last one are left out. */
  readonly ports: { readonly first: number; readonly last: number };
  /** Free pairs that the pool binds at start and tries to have at hand. */
  readonly preboundEndpoints: number;
  /** Time a pair rests after use, so that late packets of its last call are not taken for the next one's. */
  readonly quarantineMs: number;
}

/**
 * The port pairs of one media address. A pair is unbound, free, in use or quarantined; once bound it stays bound.
 *
 *   unbound ──growth──▶ free ──take──▶ in use ──release──▶ quarantined ──time──▶ free (at the tail)
 *
 * Free pairs are taken in the order in which they became free. Growth happens in the background when fewer than half
 * of `preboundEndpoints` are free; a dry pool grows by one pair at once.
 */
export class PortPool {
  /** Pairs left alone since another program has one of the two ports. */
  busyPorts = 0;
  private readonly options: PortPoolOptions;
  private readonly firstPort: number;
  private readonly capacity: number;
  /** By index in the range; undefined: unbound. */
  private readonly pairs: (SocketPair | undefined)[] = [];
  private nextIndex = 0;
  private readonly freePairs: Fifo<SocketPair> = new Fifo();
  private readonly restingPairs: Fifo<SocketPair> = new Fifo();
  private boundCount = 0;
  private growthTimer: Timer | undefined = undefined;
  private isClosed = false;

  constructor(options: PortPoolOptions) {
    this.options = options;
    this.firstPort = options.ports.first + (options.ports.first % 2);
    this.capacity = Math.max(0, Math.floor((options.ports.last - this.firstPort + 1) / 2));
  }

  get free(): number {
    this.endQuarantines();
    return this.freePairs.size;
  }

  get quarantined(): number {
    this.endQuarantines();
    return this.restingPairs.size;
  }

  /** Pairs that are not bound yet, those that another program has not counted. */
  get unbound(): number {
    return Math.max(0, this.capacity - this.boundCount - this.busyPorts);
  }

  get sockets(): number {
    return this.boundCount * 2;
  }

  /** Binds `preboundEndpoints` pairs, fewer if the range or the system has no more. The error code that ended it. */
  fill(): string | undefined {
    while (this.freePairs.size < this.options.preboundEndpoints) {
      const failure = this.bindNext();
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /** The pair that has been free longest; undefined: none is free, and none can be bound. */
  take(): SocketPair | undefined {
    if (this.isClosed) return undefined;
    this.endQuarantines();
    if (this.freePairs.size === 0) this.bindNext();
    const pair = this.freePairs.shift();
    if (this.freePairs.size * 2 < this.options.preboundEndpoints) this.growSoon();
    return pair;
  }

  /** The pair with that RTP port, if it is free or can be bound. */
  takeAt(rtpPort: number): SocketPair | undefined {
    const index = (rtpPort - this.firstPort) / 2;
    if (this.isClosed || !Number.isInteger(index) || index < 0 || index >= this.capacity) return undefined;
    this.endQuarantines();
    const pair = this.pairs[index];
    if (pair !== undefined) return this.freePairs.remove(pair) ? pair : undefined;
    const bound = this.bindAt(index);
    return typeof bound === "string" ? undefined : bound;
  }

  /** Gives back a pair of `take` or `takeAt`. */
  release(pair: SocketPair): void {
    pair.user = undefined;
    if (this.isClosed) return;
    pair.releasedAtMs = this.options.clock.monotonicMs();
    this.restingPairs.push(pair);
  }

  /** Closes every socket, those in use too. Idempotent. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.growthTimer?.cancel();
    this.freePairs.drain();
    this.restingPairs.drain();
    this.boundCount = 0;
    const closing: Promise<void>[] = [];
    for (const pair of this.pairs.splice(0)) if (pair !== undefined) closing.push(pair.close());
    await Promise.all(closing);
  }

  private endQuarantines(): void {
    const latestMs = this.options.clock.monotonicMs() - this.options.quarantineMs;
    for (let pair = this.restingPairs.first; pair !== undefined; pair = this.restingPairs.first) {
      if (pair.releasedAtMs > latestMs) return;
      this.restingPairs.shift();
      this.freePairs.push(pair);
    }
  }

  private growSoon(): void {
    if (this.growthTimer?.isPending === true || this.nextIndex >= this.capacity) return;
    this.growthTimer = this.options.clock.schedule(0, growPool, this);
  }

  /** One batch of growth; schedules the next while the pool is short. */
  grow(): void {
    for (let i = 0; i < growthBatch; i += 1) {
      if (this.free >= this.options.preboundEndpoints) return;
      // The system has no more to give: the next `take` tries again.
      if (this.bindNext() !== undefined) return;
    }
    if (this.freePairs.size < this.options.preboundEndpoints) this.growSoon();
  }

  /** Binds the next unbound pair, past busy ports. The error code when that is impossible; ERANGE at the range's end. */
  private bindNext(): string | undefined {
    while (this.nextIndex < this.capacity) {
      const index = this.nextIndex;
      if (this.pairs[index] === undefined) {
        const pair = this.bindAt(index);
        if (typeof pair !== "string") {
          this.nextIndex += 1;
          this.freePairs.push(pair);
          return undefined;
        }
        if (pair !== "EADDRINUSE") return pair;
        this.busyPorts += 1;
      }
      this.nextIndex += 1;
    }
    return "ERANGE";
  }

  private bindAt(index: number): SocketPair | string {
    const pair = SocketPair.bind(this.options.place, this.firstPort + index * 2);
    if (typeof pair === "string") return pair;
    this.pairs[index] = pair;
    this.boundCount += 1;
    return pair;
  }
}

function growPool(pool: PortPool): void {
  pool.grow();
}
