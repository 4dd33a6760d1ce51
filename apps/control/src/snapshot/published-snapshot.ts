import { type ControlFrame, Snapshot, validator, type ZoneFrame, zoneSnapshotOf } from "@tandem/contracts";

/** A snapshot ready to be sent: written out once, however many gateways get it. */
export interface PublishedSnapshot {
  readonly version: number;
  /** The whole `snapshot` frame. */
  readonly frame: string;
}

const validateSnapshot = validator(Snapshot);

/** Throws when the snapshot is not what the contract says: no gateway must get it. */
export function publishable(snapshot: Snapshot): PublishedSnapshot {
  const checked = validateSnapshot(snapshot);
  if (!checked.ok) throw new Error(`snapshot ${snapshot.version} breaks the contract at ${checked.error}`);
  return {
    version: snapshot.version,
    frame: JSON.stringify({ kind: "snapshot", snapshot } satisfies ControlFrame),
  };
}

/** The part of it that name servers get, as the whole `zone` frame. */
export function publishableZone(snapshot: Snapshot): PublishedSnapshot {
  return {
    version: snapshot.version,
    frame: JSON.stringify({ kind: "zone", zone: zoneSnapshotOf(snapshot) } satisfies ZoneFrame),
  };
}
