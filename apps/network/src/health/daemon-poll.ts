import type { Clock, Timer } from "@tandem/clock";
import type { RoutingDaemonState } from "./routing-daemon.ts";

export interface DaemonPollOptions {
  readonly clock: Clock;
  readonly intervalMs: number;
  /** Rejects when the daemon can't be asked. */
  ask(): Promise<RoutingDaemonState>;
  /** The answer is another one than before. */
  onChanged(): void;
  /** Told once for as long as the daemon can't be asked. */
  onFault(error: unknown): void;
}

/**
 * Asks a routing daemon now and then, one question at a time. It stands beside the passes of the agent and not within
 * them: a daemon that hangs must not keep a dead link from being told.
 */
export class DaemonPoll {
  readonly #options: DaemonPollOptions;
  #state: RoutingDaemonState | undefined;
  #timer: Timer | undefined;
  #isAsking = false;
  #isAskedAgain = false;
  #hasFailed = false;
  #isClosed = false;

  constructor(options: DaemonPollOptions) {
    this.#options = options;
  }

  /** Undefined: not known, because it has not answered yet or did not answer last time. */
  get state(): RoutingDaemonState | undefined {
    return this.#state;
  }

  /** Asks now, or once more when an answer is being waited for. */
  ask(): void {
    if (this.#isClosed) return;
    if (this.#isAsking) {
      this.#isAskedAgain = true;
      return;
    }
    this.#timer?.cancel();
    this.#isAsking = true;
    this.#options
      .ask()
      .then(
        (state) => this.#learn(state, undefined),
        (error: unknown) => this.#learn(undefined, error),
      )
      .finally(() => this.#next());
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  #learn(state: RoutingDaemonState | undefined, error: unknown): void {
    const isChanged = JSON.stringify(state) !== JSON.stringify(this.#state);
    this.#state = state;
    if (state === undefined && !this.#hasFailed) this.#options.onFault(error);
    this.#hasFailed = state === undefined;
    if (isChanged && !this.#isClosed) this.#options.onChanged();
  }

  #next(): void {
    this.#isAsking = false;
    if (this.#isClosed) return;
    if (this.#isAskedAgain) {
      this.#isAskedAgain = false;
      this.ask();
      return;
    }
    this.#timer = this.#options.clock.schedule(this.#options.intervalMs, () => this.ask(), undefined);
  }
}
