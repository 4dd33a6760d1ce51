import type { Clock, Timer } from "@tandem/clock";

/** A call that is looked at. */
export interface WatchedCall {
  /** Takes note of what its media have counted up to now. Never throws. */
  lookAtMedia(nowMs: number): void;
}

/** Every answered call is looked at so often. */
export const roundMs = 10_000;
/** A round is walked in so many parts, so that none of them takes long. */
export const partsOfRound = 100;

/**
 * Looks at the media of all calls once in a round, by one timer: a call has none of its own, and nothing to do with it
 * while it is set up or torn down. A call that comes in the middle of a round is in the next one.
 */
export class QualityWatch {
  readonly #clock: Clock;
  readonly #calls: () => Iterable<WatchedCall>;
  /** Calls that this round has not come to yet, the last one first. */
  #waiting: WatchedCall[] = [];
  #perPart = 0;
  #timer: Timer | undefined;
  #partsLeft = 0;

  constructor(clock: Clock, calls: () => Iterable<WatchedCall>) {
    this.#clock = clock;
    this.#calls = calls;
  }

  /** Until `stop`. */
  start(): void {
    this.#timer ??= this.#clock.schedule(roundMs / partsOfRound, tick, this);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#waiting = [];
    this.#partsLeft = 0;
  }

  /** @internal */
  tick(): void {
    if (this.#partsLeft === 0) this.#beginRound();
    this.#partsLeft -= 1;
    const nowMs = this.#clock.monotonicMs();
    for (let count = 0; count < this.#perPart; count += 1) this.#waiting.pop()?.lookAtMedia(nowMs);
    this.#timer = this.#clock.schedule(roundMs / partsOfRound, tick, this);
  }

  #beginRound(): void {
    this.#partsLeft = partsOfRound;
    this.#waiting = [...this.#calls()].reverse();
    this.#perPart = Math.ceil(this.#waiting.length / partsOfRound);
  }
}

function tick(watch: QualityWatch): void {
  watch.tick();
}
