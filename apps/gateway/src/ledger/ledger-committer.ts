import type { LedgerOperation } from "./ledger-messages.ts";
import type { LedgerStore } from "./ledger-store.ts";

/** Operations that wait in memory for the disk; beyond it the oldest are given up, journal entries first. */
export const maximumWaitingOperations = 50_000;

/** Operations of one transaction when the disk is tried again: what there is room for gets there, and does not wait for the rest. */
export const retryPortion = 100;

export interface CommitOutcome {
  readonly isDegraded: boolean;
  /** What the disk said last; undefined when it takes everything. */
  readonly error: string | undefined;
}

const healthy: CommitOutcome = { isDegraded: false, error: undefined };

/**
 * Commits batches in order. When the disk refuses, operations wait in a bounded queue; only `retry` asks the disk again,
 * so that a full disk costs one attempt per second and not one per batch.
 *
 *   healthy ──commit fails──▶ degraded (queue) ──retry() succeeds──▶ healthy
 */
export class LedgerCommitter {
  readonly #store: Pick<LedgerStore, "commit">;
  readonly #limit: number;
  #waiting: LedgerOperation[] = [];
  #error: string | undefined;
  #lost = 0;

  constructor(store: Pick<LedgerStore, "commit">, limit: number = maximumWaitingOperations) {
    this.#store = store;
    this.#limit = limit;
  }

  get isDegraded(): boolean {
    return this.#waiting.length > 0;
  }

  /** Operations that were given up because the queue was full. */
  get lost(): number {
    return this.#lost;
  }

  commit(operations: readonly LedgerOperation[]): CommitOutcome {
    return this.isDegraded ? this.#wait(operations) : this.#perform(operations);
  }

  /** Of the last time that the disk was asked. */
  get outcome(): CommitOutcome {
    return this.isDegraded ? { isDegraded: true, error: this.#errorText() } : healthy;
  }

  /** Asks the disk again for everything that waits, portion by portion until it refuses one. */
  retry(): CommitOutcome {
    const all = roomFirst(this.#waiting);
    this.#waiting = [];
    for (let from = 0; from < all.length; from += retryPortion) {
      const { isDegraded } = this.#perform(all.slice(from, from + retryPortion));
      if (isDegraded) return this.#wait(all.slice(from + retryPortion));
    }
    return healthy;
  }

  #perform(operations: readonly LedgerOperation[]): CommitOutcome {
    if (operations.length === 0) return healthy;
    try {
      this.#store.commit(operations);
      return healthy;
    } catch (error) {
      this.#error = error instanceof Error ? error.message : String(error);
      return this.#wait(operations);
    }
  }

  #wait(operations: readonly LedgerOperation[]): CommitOutcome {
    for (const operation of operations) this.#waiting.push(operation);
    const excess = this.#waiting.length - this.#limit;
    if (excess > 0) this.#drop(excess);
    return { isDegraded: true, error: this.#errorText() };
  }

  #errorText(): string {
    const lost = this.#lost === 0 ? "" : `; ${this.#lost} operations were given up`;
    return `${this.#error}${lost}`;
  }

  /** Gives up the oldest journal entries, and only then the oldest of the rest: records are worth more. */
  #drop(excess: number): void {
    this.#lost += excess;
    let toDrop = excess;
    const kept = this.#waiting.filter((operation) => {
      if (toDrop === 0 || operation.kind !== "journal") return true;
      toDrop -= 1;
      return false;
    });
    this.#waiting = toDrop === 0 ? kept : kept.slice(toDrop);
  }
}

/**
 * What control has stored goes out of the outbox first: that makes room for the rest. It names entries that are on disk already,
 * so it may overtake what waits.
 */
function roomFirst(operations: readonly LedgerOperation[]): LedgerOperation[] {
  let sequence = -1;
  for (const one of operations) if (one.kind === "stored") sequence = Math.max(sequence, one.sequence);
  const rest = operations.filter(({ kind }) => kind !== "stored");
  return sequence < 0 ? rest : [{ kind: "stored", sequence }, ...rest];
}
