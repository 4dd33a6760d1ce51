import {
  type ControlFrame,
  Snapshot,
  snapshotListNames,
  validator,
  type ZoneFrame,
  zoneSnapshotOf,
} from "@tandem/contracts";
import type { RecentChanges } from "./recent-changes.ts";
import { snapshotPieces } from "./snapshot-pieces.ts";

/** A snapshot of more objects goes in pieces to gateways that take them. */
export const maximumObjectsInOneFrame = 2000;

/** Ready to be sent: written out once, however many get it. */
export interface PublishedFrame {
  readonly version: number;
  readonly frame: string;
}

/** The whole snapshot, and how to get to it from an earlier one. */
export interface PublishedSnapshot extends PublishedFrame {
  /** The whole in one frame or more; for a gateway that takes pieces. */
  pieces(): Iterable<string>;
  /** Frames that lead to it from a version; undefined: only the whole does. */
  changesSince(version: number): readonly string[] | undefined;
}

const validateSnapshot = validator(Snapshot);

/** Throws when the snapshot is not what the contract says: no gateway must get it. */
export function publishable(snapshot: Snapshot, changes?: RecentChanges): PublishedSnapshot {
  const checked = validateSnapshot(snapshot);
  if (!checked.ok) throw new Error(`snapshot ${snapshot.version} breaks the contract at ${checked.error}`);
  return new CompiledSnapshot(snapshot, changes);
}

/** The part of it that name servers get, as the whole `zone` frame. */
export function publishableZone(snapshot: Snapshot): PublishedFrame {
  return {
    version: snapshot.version,
    frame: JSON.stringify({ kind: "zone", zone: zoneSnapshotOf(snapshot) } satisfies ZoneFrame),
  };
}

class CompiledSnapshot implements PublishedSnapshot {
  readonly version: number;
  readonly #snapshot: Snapshot;
  readonly #changes: RecentChanges | undefined;
  #frame: string | undefined;

  constructor(snapshot: Snapshot, changes: RecentChanges | undefined) {
    this.version = snapshot.version;
    this.#snapshot = snapshot;
    this.#changes = changes;
  }

  /** Made when a gateway needs it: of a million numbers it takes seconds and hundreds of megabytes. */
  get frame(): string {
    const frame: ControlFrame = { kind: "snapshot", snapshot: this.#snapshot };
    this.#frame ??= JSON.stringify(frame);
    return this.#frame;
  }

  pieces(): Iterable<string> {
    const objects = snapshotListNames.reduce((sum, list) => sum + this.#snapshot[list].length, 0);
    return objects > maximumObjectsInOneFrame ? snapshotPieces(this.#snapshot) : [this.frame];
  }

  changesSince(version: number): readonly string[] | undefined {
    return this.#changes?.between(version, this.version);
  }
}
