import type { Clock } from "@tandem/clock";
import type { LiveCall } from "@tandem/contracts";

/** How long control is told of a call that has ended: its record needs a part of a second to the database. */
export const endedCallMs = 10_000;
/** More are not told of: their records are on the way all the same. */
export const maximumEndedCalls = 10_000;

interface EndedCall {
  readonly call: LiveCall;
  readonly endedAtMs: number;
}

/**
 * Calls that have ended lately. Between the end of a call and its record in the database it would be nowhere else, and
 * who asks for it would hear that there is no such call.
 */
export class EndedCalls {
  readonly #clock: Clock;
  /** The oldest end first. */
  readonly #calls: EndedCall[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(call: LiveCall): void {
    this.#forgetOld();
    if (this.#calls.length >= maximumEndedCalls) this.#calls.shift();
    this.#calls.push({ call, endedAtMs: this.#clock.monotonicMs() });
  }

  list(): readonly LiveCall[] {
    this.#forgetOld();
    return this.#calls.map(({ call }) => call);
  }

  #forgetOld(): void {
    const nowMs = this.#clock.monotonicMs();
    for (let first = this.#calls[0]; first !== undefined; first = this.#calls[0]) {
      if (nowMs - first.endedAtMs < endedCallMs) return;
      this.#calls.shift();
    }
  }
}
