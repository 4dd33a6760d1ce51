import type { JournalEntry, OutboxBatch } from "./ledger.ts";
import type { LedgerOperation } from "./ledger-messages.ts";
import type { LedgerStore } from "./ledger-store.ts";

type Store = Pick<LedgerStore, "commit" | "journal" | "read" | "counts" | "checkpoint" | "close">;

/**
 * A store that can't be opened for lack of room yet. What is given to it is refused, as by a disk that has filled meanwhile, and `reopen`
 * tries again. Entries of an earlier life that are found only then are in the outbox; calls in the journal are the next life's.
 *
 *   awaited ──reopen() succeeds──▶ open
 */
export class AwaitedStore implements Store {
  readonly #open: () => Store;
  #store: Store | undefined;

  /** @throws Error when it can't be opened for another reason */
  constructor(open: () => Store, isForLackOfRoom: (error: unknown) => boolean) {
    this.#open = open;
    try {
      this.reopen();
    } catch (error) {
      if (!isForLackOfRoom(error)) throw error;
    }
  }

  /** Nothing when it is open. @throws Error when it can't be opened */
  reopen(): void {
    this.#store ??= this.#open();
  }

  /** @throws Error when the disk does not take them */
  commit(operations: readonly LedgerOperation[]): void {
    this.reopen();
    this.#store?.commit(operations);
  }

  journal(): JournalEntry[] {
    return this.#store?.journal() ?? [];
  }

  read(afterSequence: number, limit: number): OutboxBatch | undefined {
    return this.#store?.read(afterSequence, limit);
  }

  counts(): { readonly outbox: number; readonly journal: number } {
    return this.#store?.counts() ?? { outbox: 0, journal: 0 };
  }

  checkpoint(): void {
    this.#store?.checkpoint();
  }

  close(): void {
    this.#store?.close();
  }
}
