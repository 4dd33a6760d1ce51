import type { Clock } from "@tandem/clock";
import { Fifo } from "../userspace/fifo.ts";

interface Pair {
  readonly rtpPort: number;
  releasedAtMs: number;
}

export interface KernelPortPoolOptions {
  readonly clock: Clock;
  /** Both inclusive. An odd first port and an even last one are left out. */
  readonly ports: { readonly first: number; readonly last: number };
  /** Time a pair rests after use, so that late packets of its last call are not taken for the next one's. */
  readonly quarantineMs: number;
}

/**
 * The port pairs of one media address: numbers only, since no socket is bound to them.
 *
 *   free ──take──▶ in use ──release──▶ quarantined ──time──▶ free (at the tail)
 */
export class KernelPortPool {
  readonly #options: KernelPortPoolOptions;
  readonly #free: Fifo<Pair> = new Fifo();
  readonly #resting: Fifo<Pair> = new Fifo();

  constructor(options: KernelPortPoolOptions) {
    this.#options = options;
    const { first, last } = options.ports;
    for (let rtpPort = first + (first % 2); rtpPort < last; rtpPort += 2) {
      this.#free.push({ rtpPort, releasedAtMs: 0 });
    }
  }

  get free(): number {
    this.#endQuarantines();
    return this.#free.size;
  }

  get quarantined(): number {
    this.#endQuarantines();
    return this.#resting.size;
  }

  /** The RTP port of the pair that has been free longest; undefined: none is free. */
  take(): number | undefined {
    this.#endQuarantines();
    return this.#free.shift()?.rtpPort;
  }

  /** Whether that pair was free, and is taken now. */
  takeAt(rtpPort: number): boolean {
    this.#endQuarantines();
    return this.#free.removeWhere((pair) => pair.rtpPort === rtpPort);
  }

  /** Gives back a pair of `take` or `takeAt`. */
  release(rtpPort: number): void {
    this.#resting.push({ rtpPort, releasedAtMs: this.#options.clock.monotonicMs() });
  }

  #endQuarantines(): void {
    const latestMs = this.#options.clock.monotonicMs() - this.#options.quarantineMs;
    for (let pair = this.#resting.first; pair !== undefined; pair = this.#resting.first) {
      if (pair.releasedAtMs > latestMs) return;
      this.#resting.shift();
      this.#free.push(pair);
    }
  }
}
