import { type Clock, checkedDelayMs, type Timer } from "./clock.ts";

export interface HandClockOptions {
  /** Default 0. */
  readonly monotonicMs?: number;
  /** Default 2026-01-01T00:00:00Z. */
  readonly wallMs?: number;
}

/** A clock for tests: time stands still until `advance` moves it. Exact to the fraction of a millisecond. */
export class HandClock implements Clock {
  #monotonicMs: number;
  #wallOffsetMs: number;
  /** Pending timers, by due time, then by order of scheduling. */
  readonly #timers: HandTimer[] = [];

  constructor(options: HandClockOptions = {}) {
    this.#monotonicMs = options.monotonicMs ?? 0;
    this.#wallOffsetMs = (options.wallMs ?? Date.UTC(2026, 0, 1)) - this.#monotonicMs;
  }

  get pendingTimers(): number {
    return this.#timers.length;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  wallMs(): number {
    return this.#monotonicMs + this.#wallOffsetMs;
  }

  /** How long until the next timer fires; undefined when none is pending. */
  get nextDelayMs(): number | undefined {
    const next = this.#timers[0];
    return next === undefined ? undefined : next.dueMs - this.#monotonicMs;
  }

  schedule<C>(delayMs: number, onExpire: (context: C) => void, context: C): Timer {
    const dueMs = this.#monotonicMs + checkedDelayMs(delayMs);
    const timer = new HandTimer(this.#timers, dueMs, () => onExpire(context));
    this.#timers.splice(this.#placeOf(timer), 0, timer);
    return timer;
  }

  /**
   * Moves time forward and fires what is due on the way, in order of due time, timers scheduled meanwhile included.
   * While a timer fires, the clock shows its due time.
   * All due timers fire even if some throw; the first error is thrown at the end.
   */
  advance(ms: number): void {
    const untilMs = this.#monotonicMs + checkedDelayMs(ms);
    const errors: unknown[] = [];
    for (
      let timer = this.#timers[0];
      timer !== undefined && timer.dueMs <= untilMs;
      timer = this.#timers[0]
    ) {
      this.#timers.shift();
      this.#monotonicMs = Math.max(this.#monotonicMs, timer.dueMs);
      try {
        timer.fire();
      } catch (error) {
        errors.push(error);
      }
    }
    this.#monotonicMs = untilMs;
    if (errors.length > 0) throw errors[0];
  }

  /** Somebody sets the machine's clock, by so much and back if it is negative. The monotonic clock and timers do not notice. */
  setWall(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  /** Time passes and no timer fires, as in a process that is busy. The next `advance` fires what is overdue. */
  stall(ms: number): void {
    this.#monotonicMs += checkedDelayMs(ms);
  }

  #placeOf(timer: HandTimer): number {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#timers[middle] as HandTimer).dueMs <= timer.dueMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

class HandTimer implements Timer {
  isPending = true;
  readonly dueMs: number;
  readonly #timers: HandTimer[];
  readonly #run: () => void;

  constructor(timers: HandTimer[], dueMs: number, run: () => void) {
    this.#timers = timers;
    this.dueMs = dueMs;
    this.#run = run;
  }

  cancel(): void {
    if (!this.isPending) return;
    this.isPending = false;
    this.#timers.splice(this.#timers.indexOf(this), 1);
  }

  fire(): void {
    this.isPending = false;
    this.#run();
  }
}
