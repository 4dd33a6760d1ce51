import { type Snapshot, snapshotFormatVersion } from "@tandem/contracts";
import { RoutingTable } from "@tandem/routing";

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

  /**
   * Builds the indexes, then swaps the table between two messages.
   * @throws Error when it can't be used; the old one stays in force then
   */
  apply(snapshot: Snapshot): void {
    const { formatVersion } = snapshot;
    if (formatVersion > snapshotFormatVersion) {
      throw new Error(`snapshot format ${formatVersion} is newer than this program`);
    }
    const previous = this.#table;
    const table = RoutingTable.from(snapshot);
    this.#table = table;
    try {
      for (const listener of this.#listeners) listener(table);
    } catch (error) {
      this.#table = previous;
      if (previous !== undefined) for (const listener of this.#listeners) listener(previous);
      throw error;
    }
  }

  onApplied(listener: (table: RoutingTable) => void): void {
    this.#listeners.push(listener);
  }
}
