import type { Clock } from "@tandem/clock";
import { maximumAgeMs } from "./backbone-signature.ts";

/** Requests that are remembered at a time: twice the maximum age of 1600 a second, more than one gateway carries. */
export const maximumRememberedRequests = 100_000;

/** Nonces of the signed requests that were taken, for as long as their time would let them in again. */
export class ReplayWindow {
  readonly #clock: Clock;
  readonly #limit: number;
  /** Nonce to the monotonic time at which its request is too old anyway, in the order in which they came. */
  readonly #untilMs = new Map<string, number>();

  constructor(clock: Clock, limit: number = maximumRememberedRequests) {
    this.#clock = clock;
    this.#limit = limit;
  }

  get size(): number {
    return this.#untilMs.size;
  }

  has(nonce: string): boolean {
    return this.#untilMs.has(nonce);
  }

  /** Remembers a request. `full`: nothing can be remembered, so that it must not be taken. */
  take(nonce: string, timeMs: number): "new" | "seen" | "full" {
    if (this.#untilMs.has(nonce)) return "seen";
    this.#forgetOld();
    if (this.#untilMs.size >= this.#limit) return "full";
    const leftMs = timeMs + maximumAgeMs - this.#clock.wallMs();
    this.#untilMs.set(nonce, this.#clock.monotonicMs() + leftMs);
    return "new";
  }

  #forgetOld(): void {
    const now = this.#clock.monotonicMs();
    for (const [nonce, untilMs] of this.#untilMs) {
      if (untilMs >= now) return;
      this.#untilMs.delete(nonce);
    }
  }
}
