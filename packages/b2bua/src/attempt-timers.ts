import type { Clock, Timer } from "@tandem/clock";
import type { AttemptTimer } from "./failover-policy.ts";

/** Addresses of one target share the first-response time, but each gets at least this. */
const minimumPerAddressMs = 1000;

export interface AttemptTimersUser {
  /** The timer of the phase has run out. */
  onTimer(): void;
  /** A delay asked for by `resendAfter` is over. */
  onResend(): void;
}

/**
 * The timers of one attempt, of which one runs at a time. The first-response time is shared by the addresses of the target.
 *
 *   first-response ──100──▶ progress ──18x──▶ ring
 */
export class AttemptTimers {
  readonly #clock: Clock;
  readonly #user: AttemptTimersUser;
  #phase: AttemptTimer = "first-response";
  #timer: Timer | undefined;
  #deadlineMs = 0;

  constructor(clock: Clock, user: AttemptTimersUser) {
    this.#clock = clock;
    this.#user = user;
  }

  get phase(): AttemptTimer {
    return this.#phase;
  }

  get isRunning(): boolean {
    return this.#timer !== undefined;
  }

  /** The target is tried from now on; nothing runs until something is sent. */
  begin(firstResponseMs: number): void {
    this.stop();
    this.#phase = "first-response";
    this.extend(firstResponseMs);
  }

  /** The same address is tried again, with the whole first-response time. */
  extend(firstResponseMs: number): void {
    this.#deadlineMs = this.#clock.monotonicMs() + firstResponseMs;
  }

  /** One of the `left` addresses gets its share of what is left of the first-response time. */
  startShare(left: number, isOnlyOne: boolean): void {
    const shareMs = (this.#deadlineMs - this.#clock.monotonicMs()) / left;
    this.start("first-response", isOnlyOne ? shareMs : Math.max(shareMs, minimumPerAddressMs));
  }

  start(phase: AttemptTimer, delayMs: number): void {
    this.stop();
    this.#phase = phase;
    this.#timer = this.#clock.schedule(delayMs, expire, this);
  }

  resendAfter(delayMs: number, firstResponseMs: number): void {
    this.stop();
    this.extend(delayMs + firstResponseMs);
    this.#timer = this.#clock.schedule(delayMs, resend, this);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** @internal */
  onExpired(isResend: boolean): void {
    this.#timer = undefined;
    if (isResend) this.#user.onResend();
    else this.#user.onTimer();
  }
}

function expire(timers: AttemptTimers): void {
  timers.onExpired(false);
}

function resend(timers: AttemptTimers): void {
  timers.onExpired(true);
}
