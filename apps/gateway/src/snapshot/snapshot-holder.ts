import { RoutingTable } from "@tandem/routing";
import type { Snapshot } from "@tandem/contracts";

/** The snapshot in force. A call keeps the table it began with; the next one takes the new. */
export class SnapshotHolder {
  #table: RoutingTable | undefined;
  readonly #listeners: ((table: RoutingTable) => void)[] = [];

  /** Undefined until the first snapshot came, from disk or from control. */
  get table(): RoutingTable | undefined {
    return this.#table;
  }

  /** 0 without a snapshot. */
  get version(): number {
    return this.#table?.snapshot.version ?? 0;
  }

  /** Builds the indexes, then swaps the table between two messages. */
  apply(snapshot: Snapshot): void {
    const table = RoutingTable.from(snapshot);
    this.#table = table;
    for (const listener of this.#listeners) listener(table);
  }

  onApplied(listener: (table: RoutingTable) => void): void {
    this.#listeners.push(listener);
  }
}
