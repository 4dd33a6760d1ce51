import type { LedgerOperation } from "./ledger-messages.ts";
import type { LedgerStore } from "./ledger-store.ts";

/** Operations that wait in memory for the disk; beyond it the oldest are given up, journal entries first. */
export const maximumWaitingOperations = 50_000;

export interface CommitOutcome {
  readonly isDegraded: boolean;
  readonly error: string | undefined;
}

/**
 * Commits batches in order. When the disk refuses, operations wait in a bounded queue and go with the next batch.
 *
 *   healthy ──commit fails──▶ degraded (queue) ──commit succeeds──▶ healthy
 */
export class LedgerCommitter {
  readonly #store: LedgerStore;
  #waiting: LedgerOperation[] = [];
  #lost = 0;

  constructor(store: LedgerStore) {
    this.#store = store;
  }

  get isDegraded(): boolean {
    return this.#waiting.length > 0;
  }

  /** Operations that were given up because the queue was full. */
  get lost(): number {
    return this.#lost;
  }

  commit(operations: readonly LedgerOperation[]): CommitOutcome {
    const all = this.#waiting.length === 0 ? operations : [...this.#waiting, ...operations];
    if (all.length === 0) return { isDegraded: false, error: undefined };
    try {
      this.#store.commit(all);
      this.#waiting = [];
      return { isDegraded: false, error: undefined };
    } catch (error) {
      this.#waiting = this.#bounded(all);
      return { isDegraded: true, error: error instanceof Error ? error.message : String(error) };
    }
  }

  #bounded(operations: readonly LedgerOperation[]): LedgerOperation[] {
    const excess = operations.length - maximumWaitingOperations;
    if (excess <= 0) return [...operations];
    this.#lost += excess;
    let toDrop = excess;
    const kept = operations.filter((operation) => {
      if (toDrop === 0 || operation.kind !== "journal") return true;
      toDrop -= 1;
      return false;
    });
    return kept.slice(toDrop);
  }
}
