import { type Snapshot, type SnapshotChange, snapshotFormatVersion } from "@tandem/contracts";
import { RoutingTable } from "@tandem/routing";

/** Gets the new table and what it differs in from the one before; undefined: in anything. */
export type AppliedListener = (table: RoutingTable, change: SnapshotChange | undefined) => void;

/** The snapshot in force. A call keeps the table it began with; the next one takes the new. */
export class SnapshotHolder {
  #table: RoutingTable | undefined;
  readonly #listeners: AppliedListener[] = [];

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
    refuseNewer(snapshot.formatVersion);
    this.#swap(RoutingTable.from(snapshot), undefined);
  }

  /** A table that was built elsewhere. @throws Error as `apply` does */
  replace(table: RoutingTable): void {
    refuseNewer(table.snapshot.formatVersion);
    this.#swap(table, undefined);
  }

  /**
   * The table in force with a change.
   * @throws Error when it is no change of that one, or can't be used; the old one stays in force then
   */
  change(change: SnapshotChange): void {
    if (this.#table === undefined) throw new Error("there is no snapshot that could change");
    this.#swap(this.#table.changed(change), change);
  }

  onApplied(listener: AppliedListener): void {
    this.#listeners.push(listener);
  }

  #swap(table: RoutingTable, change: SnapshotChange | undefined): void {
    const previous = this.#table;
    this.#table = table;
    try {
      for (const listener of this.#listeners) listener(table, change);
    } catch (error) {
      this.#table = previous;
      if (previous !== undefined) for (const listener of this.#listeners) listener(previous, undefined);
      throw error;
    }
  }
}

function refuseNewer(formatVersion: number): void {
  if (formatVersion > snapshotFormatVersion) {
    throw new Error(`snapshot format ${formatVersion} is newer than this program`);
  }
}
