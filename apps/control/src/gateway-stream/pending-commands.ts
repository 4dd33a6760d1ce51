import type { Clock, Timer } from "@tandem/clock";
import type { CommandResult } from "@tandem/contracts";

interface Pending {
  readonly settle: (result: CommandResult) => void;
  readonly timer: Timer;
}

/** Commands that wait for their result: each ends once, by the result, its deadline or the end of the connection. */
export class PendingCommands {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  constructor(clock: Clock, limit: number) {
    this.#clock = clock;
    this.#limit = limit;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Undefined when there are too many. */
  add(timeoutMs: number): { readonly id: number; readonly result: Promise<CommandResult> } | undefined {
    if (this.#pending.size >= this.#limit) return undefined;
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve } = Promise.withResolvers<CommandResult>();
    const timer = this.#clock.schedule(
      timeoutMs,
      (pending: PendingCommands) => pending.settle(id, failed("the gateway did not answer in time")),
      this,
    );
    this.#pending.set(id, { settle: resolve, timer });
    return { id, result: promise };
  }

  /** A result nobody waits for (it came after the deadline) is dropped. */
  settle(id: number, result: CommandResult): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    pending.timer.cancel();
    pending.settle(result);
  }

  failAll(error: string): void {
    for (const id of this.#pending.keys()) this.settle(id, failed(error));
  }
}

export function failed(error: string): CommandResult {
  return { ok: false, error };
}
