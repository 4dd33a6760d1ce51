import { type Clock, checkedDelayMs, type Timer } from "./clock.ts";
import { TimerWheel } from "./timer-wheel.ts";

export interface SystemClockOptions {
  /** Timers are late by at most this much (and by whatever the process is busy with). Default 5, sensible 1 to 20. */
  readonly tickMs?: number;
  /** Told what an onExpire threw; the other timers go on. Default: thrown again as an uncaught exception. */
  readonly onError?: (error: unknown) => void;
}

/** Longest delay that setTimeout takes. */
const maximumTimeoutMs = 2 ** 31 - 1;

/**
 * The machine's clock with one timer wheel, driven by one setTimeout however many timers there are.
 *
 * Idle (no timer pending): the setTimeout, if any, does not keep the process alive.
 * Running: the setTimeout is armed for the wheel's next tick with something to do, and keeps the process alive.
 * Closed: all timers are dropped, and later ones never fire.
 */
export class SystemClock implements Clock {
  readonly #tickMs: number;
  readonly #originMs = performance.now();
  readonly #wheel: TimerWheel;
  #timeout: NodeJS.Timeout | undefined = undefined;
  /** Tick for which #timeout is armed; Infinity when it is not. */
  #armedTick = Number.POSITIVE_INFINITY;
  readonly #onTimeout = (): void => this.#advance();
  #isAdvancing = false;
  #isClosed = false;

  constructor(options: SystemClockOptions = {}) {
    this.#tickMs = options.tickMs ?? 5;
    if (!(this.#tickMs > 0)) throw new RangeError(`tickMs must be positive, not ${this.#tickMs}`);
    this.#wheel = new TimerWheel(guarded(options.onError ?? throwLater), () => this.#timeout?.unref());
  }

  /** Timers that are scheduled and have neither fired nor been cancelled. */
  get pendingTimers(): number {
    return this.#wheel.pending;
  }

  monotonicMs(): number {
    return performance.now();
  }

  wallMs(): number {
    return Date.now();
  }

  schedule<C>(delayMs: number, onExpire: (context: C) => void, context: C): Timer {
    const delay = checkedDelayMs(delayMs);
    const nowMs = performance.now() - this.#originMs;
    if (this.#wheel.pending === 0 && !this.#isAdvancing)
      this.#wheel.advanceTo(Math.floor(nowMs / this.#tickMs));
    const dueMs = nowMs + delay;
    const dueTick = Math.ceil(dueMs / this.#tickMs);
    const timer = this.#wheel.add(dueMs, dueTick, onExpire, context);
    if (this.#isClosed) timer.cancel();
    else if (!this.#isAdvancing) this.#arm(dueTick, nowMs);
    return timer;
  }

  /** Drops all timers. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#wheel.clear();
    this.#disarm();
  }

  /** Sees to it that the process wakes up for this tick. */
  #arm(tick: number, nowMs: number): void {
    if (tick >= this.#armedTick) {
      if (this.#wheel.pending === 1) this.#timeout?.ref();
      return;
    }
    if (this.#timeout !== undefined) clearTimeout(this.#timeout);
    this.#armedTick = tick;
    const delayMs = Math.ceil(tick * this.#tickMs - nowMs);
    this.#timeout = setTimeout(this.#onTimeout, Math.min(Math.max(delayMs, 1), maximumTimeoutMs));
  }

  #disarm(): void {
    if (this.#timeout !== undefined) clearTimeout(this.#timeout);
    this.#timeout = undefined;
    this.#armedTick = Number.POSITIVE_INFINITY;
  }

  /** Runs what is due. setTimeout may come up to 1 ms early: only the clock decides, and the rest is armed again. */
  #advance(): void {
    this.#disarm();
    this.#isAdvancing = true;
    try {
      this.#wheel.advanceTo(Math.floor((performance.now() - this.#originMs) / this.#tickMs));
    } finally {
      this.#isAdvancing = false;
    }
    const next = this.#wheel.nextTick();
    if (next !== undefined && !this.#isClosed) this.#arm(next, performance.now() - this.#originMs);
  }
}

/** An error handler that fails must not stop the wheel either. */
function guarded(onError: (error: unknown) => void): (error: unknown) => void {
  return (error) => {
    try {
      onError(error);
    } catch (failure) {
      throwLater(failure);
    }
  };
}

function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
