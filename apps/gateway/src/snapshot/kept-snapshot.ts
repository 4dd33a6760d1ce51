import type { Clock, Timer } from "@tandem/clock";
import type { SnapshotChange } from "@tandem/contracts";
import type { RoutingTable } from "@tandem/routing";
import type { SnapshotStore } from "./snapshot-store.ts";

/** Until a disk that did not take the snapshot is tried again. */
export const keepAgainMs = 10_000;

export interface KeptSnapshotOptions {
  readonly clock: Clock;
  readonly store: Pick<SnapshotStore, "keep">;
  /** In force now. */
  readonly table: () => RoutingTable | undefined;
  readonly onFailed: (error: unknown) => void;
}

/**
 * Sees to it that what is in force gets onto the disk. When that fails it is tried again with what is in force by then, until it
 * is there: the next restart may come before control's next change.
 */
export class KeptSnapshot {
  readonly #options: KeptSnapshotOptions;
  #timer: Timer | undefined;

  constructor(options: KeptSnapshotOptions) {
    this.#options = options;
  }

  /** @param change what it differs in from what was kept before; left out: in anything */
  keep(table: RoutingTable, change?: SnapshotChange): void {
    const { store, clock, onFailed } = this.#options;
    this.close();
    store.keep(table, change).catch((error: unknown) => {
      onFailed(error);
      this.close();
      this.#timer = clock.schedule(keepAgainMs, keepAgain, this);
    });
  }

  /** @internal */
  keepAgain(): void {
    const table = this.#options.table();
    if (table !== undefined) this.keep(table);
  }

  /** No more attempts. */
  close(): void {
    this.#timer?.cancel();
  }
}

function keepAgain(kept: KeptSnapshot): void {
  kept.keepAgain();
}
