import type { Clock } from "./clock.ts";

/**
 * The wall clock at one moment, and from there on the monotonic clock. However the machine's clock is set meanwhile, differences are
 * durations: what a call lasted is what it costs.
 */
export class SteadyTime {
  readonly #clock: Clock;
  readonly #offsetMs: number;

  /** @param nowMs what it shows now; left out: the wall clock */
  constructor(clock: Clock, nowMs: number = clock.wallMs()) {
    this.#clock = clock;
    this.#offsetMs = nowMs - clock.monotonicMs();
  }

  /** Whole milliseconds of the Unix epoch. */
  wallMs(): number {
    return Math.round(this.#offsetMs + this.#clock.monotonicMs());
  }
}
