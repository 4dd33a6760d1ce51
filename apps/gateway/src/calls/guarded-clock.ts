import type { Clock, Timer } from "@tandem/clock";

interface GuardedExpiry<C> {
  readonly onExpire: (context: C) => void;
  readonly context: C;
  readonly onFault: (error: unknown) => void;
}

/** The clock of one call: what its timers throw is told to `onFault`, and no other call hears of it. */
export class GuardedClock implements Clock {
  readonly #clock: Clock;
  readonly #onFault: (error: unknown) => void;

  constructor(clock: Clock, onFault: (error: unknown) => void) {
    this.#clock = clock;
    this.#onFault = onFault;
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  wallMs(): number {
    return this.#clock.wallMs();
  }

  schedule<C>(delayMs: number, onExpire: (context: C) => void, context: C): Timer {
    const expiry: GuardedExpiry<C> = { onExpire, context, onFault: this.#onFault };
    return this.#clock.schedule(delayMs, expire<C>, expiry);
  }
}

function expire<C>(expiry: GuardedExpiry<C>): void {
  try {
    expiry.onExpire(expiry.context);
  } catch (error) {
    expiry.onFault(error);
  }
}
