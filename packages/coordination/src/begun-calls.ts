import type { Clock } from "@tandem/clock";

/** After so long without a call a count is forgotten. Longer than a gateway is believed without a sign of life. */
export const begunMemoryMs = 10_000;
/** Trunks with a count; a call of one more is not told of. */
export const maximumBegunCounts = 10_000;

interface Begun {
  calls: number;
  atMs: number;
}

/**
 * How many calls of each trunk were begun here, for others to tell by the difference how many have come since they looked
 * last. A trunk that rests is forgotten, and begins with 1 again: the list is of trunks that call, not of all.
 */
export class BegunCalls {
  readonly #clock: Clock;
  readonly #begun = new Map<string, Begun>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(sid: string): void {
    const atMs = this.#clock.monotonicMs();
    const known = this.#begun.get(sid);
    if (known !== undefined) {
      known.calls += 1;
      known.atMs = atMs;
    } else if (this.#begun.size < maximumBegunCounts) {
      this.#begun.set(sid, { calls: 1, atMs });
    }
  }

  counts(): ReadonlyMap<string, number> {
    const forgottenAtMs = this.#clock.monotonicMs() - begunMemoryMs;
    const counts = new Map<string, number>();
    for (const [sid, { calls, atMs }] of this.#begun) {
      if (atMs <= forgottenAtMs) this.#begun.delete(sid);
      else counts.set(sid, calls);
    }
    return counts;
  }
}
