import {
  type Snapshot,
  type SnapshotChange,
  type SnapshotCounts,
  type SnapshotObjects,
  type SnapshotSettings,
  snapshotFormatVersion,
  snapshotListNames,
} from "@tandem/contracts";
import { RoutingTable, type TableCollector } from "@tandem/routing";

export interface SnapshotIntakeOptions {
  /** In force; undefined: none yet. */
  table(): RoutingTable | undefined;
  /** Puts it in force. Throws when it can't be used. */
  applyTable(table: RoutingTable): void;
  applyChange(change: SnapshotChange): void;
  /** Keeps what has just been put in force. */
  keep(table: RoutingTable, change: SnapshotChange | undefined): void;
}

interface Pieces {
  readonly collector: TableCollector;
  readonly settings: SnapshotSettings;
  readonly counts: SnapshotCounts;
}

/**
 * Takes snapshots as they come from control: whole, in pieces or as changes. Calls go by the old one until the new one is
 * complete. Every method throws when what came can't be used, and the old one stays in force then.
 */
export class SnapshotIntake {
  readonly #options: SnapshotIntakeOptions;
  #pieces: Pieces | undefined;

  constructor(options: SnapshotIntakeOptions) {
    this.#options = options;
  }

  /** 0: none yet. */
  get version(): number {
    return this.#options.table()?.snapshot.version ?? 0;
  }

  whole(snapshot: Snapshot): void {
    this.abandon();
    if (snapshot.formatVersion > snapshotFormatVersion) {
      throw new Error(`snapshot format ${snapshot.formatVersion} is newer than this program`);
    }
    this.#replace(RoutingTable.from(snapshot));
  }

  begin(settings: SnapshotSettings, counts: SnapshotCounts): void {
    this.abandon();
    if (settings.formatVersion !== snapshotFormatVersion) {
      throw new Error(
        `a snapshot in pieces has format ${settings.formatVersion}, not ${snapshotFormatVersion}`,
      );
    }
    this.#pieces = { collector: RoutingTable.collector(), settings, counts };
  }

  /** More objects than were announced end it: nothing grows without a limit. */
  add(objects: SnapshotObjects): void {
    const pieces = this.#pieces;
    if (pieces === undefined) return;
    pieces.collector.add(objects);
    const counts = pieces.collector.counts();
    const list = snapshotListNames.find((name) => counts[name] > pieces.counts[name]);
    if (list === undefined) return;
    this.abandon();
    throw new Error(`the snapshot has more than ${pieces.counts[list]} ${list}`);
  }

  end(version: number): void {
    const pieces = this.#pieces;
    this.#pieces = undefined;
    if (pieces === undefined) throw new Error(`the end of snapshot ${version} came without its beginning`);
    const { settings, collector } = pieces;
    if (settings.version !== version) throw new Error(`snapshot ${settings.version} ends as ${version}`);
    const counts = collector.counts();
    const list = snapshotListNames.find((name) => counts[name] !== pieces.counts[name]);
    if (list !== undefined) {
      throw new Error(`snapshot ${version} has ${counts[list]} ${list}, not ${pieces.counts[list]}`);
    }
    this.#replace(collector.table(settings));
  }

  change(change: SnapshotChange): void {
    this.#options.applyChange(change);
    const table = this.#options.table();
    if (table !== undefined) this.#options.keep(table, change);
  }

  /** Gives up what has not come to its end. */
  abandon(): void {
    this.#pieces = undefined;
  }

  #replace(table: RoutingTable): void {
    this.#options.applyTable(table);
    this.#options.keep(table, undefined);
  }
}
