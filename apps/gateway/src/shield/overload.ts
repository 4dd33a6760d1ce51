import type { Clock, Timer } from "@tandem/clock";

/** How often the delay of this process's own timers is looked at. */
export const overloadSampleMs = 50;
/** Timers this late, twice in a row: the process gets less time than it needs. */
export const overloadedAboveMs = 1000;
/** Timers no later than this, twice in a row: it has caught up. */
export const relievedBelowMs = 100;

const inARow = 2;

/**
 * Tells by how late its own timer comes whether the process keeps up with its work.
 *
 *   normal ──late twice──▶ overloaded ──in time twice──▶ normal
 */
export class Overload {
  readonly #clock: Clock;
  readonly #onChange: (isOverloaded: boolean, lateMs: number) => void;
  #timer: Timer | undefined;
  #dueMs = 0;
  #streak = 0;
  #isOverloaded = false;
  /** Calls and probes that were turned away. */
  refused = 0;

  constructor(clock: Clock, onChange: (isOverloaded: boolean, lateMs: number) => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  get isOverloaded(): boolean {
    return this.#isOverloaded;
  }

  start(): void {
    this.#dueMs = this.#clock.monotonicMs() + overloadSampleMs;
    this.#timer = this.#clock.schedule(overloadSampleMs, onSample, this);
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** @internal The timer has fired. */
  sample(): void {
    const lateMs = this.#clock.monotonicMs() - this.#dueMs;
    const isAgainst = this.#isOverloaded ? lateMs <= relievedBelowMs : lateMs > overloadedAboveMs;
    this.#streak = isAgainst ? this.#streak + 1 : 0;
    if (this.#streak >= inARow) {
      this.#streak = 0;
      this.#isOverloaded = !this.#isOverloaded;
      this.#onChange(this.#isOverloaded, lateMs);
    }
    this.start();
  }
}

const onSample = (overload: Overload): void => overload.sample();
