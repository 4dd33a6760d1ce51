/** A running timer. */
export interface Timer {
  /** True until it fires or is cancelled. False inside its own onExpire. */
  readonly isPending: boolean;
  /** Idempotent, and harmless after it fired. */
  cancel(): void;
}

/** Where everything gets its time from. Programs give a SystemClock, tests a HandClock. */
export interface Clock {
  /** Milliseconds since an arbitrary origin, with a fraction. Never goes back. */
  monotonicMs(): number;
  /** Milliseconds of the Unix epoch. May jump when the machine's clock is set. */
  wallMs(): number;
  /**
   * Runs onExpire(context) once, not before delayMs has passed, never inside this call.
   * Give the context instead of a closure. A negative delay counts as 0.
   * @throws RangeError when delayMs is NaN or infinite: such a timer would be lost silently.
   */
  schedule<C>(delayMs: number, onExpire: (context: C) => void, context: C): Timer;
}

/** Checks a delay and cuts off the negative part. Shared by all clocks, so that tests see what programs see. */
export function checkedDelayMs(delayMs: number): number {
  if (!Number.isFinite(delayMs)) throw new RangeError(`a timer cannot run for ${delayMs} ms`);
  return delayMs > 0 ? delayMs : 0;
}
