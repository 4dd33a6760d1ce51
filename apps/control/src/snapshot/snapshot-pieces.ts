import { type ControlFrame, type Snapshot, settingsOf, snapshotListNames } from "@tandem/contracts";
import { snapshotCounts } from "./snapshot-difference.ts";

/** A gateway takes so many in a millisecond or two, between two messages of its calls. */
export const objectsPerPiece = 250;

/** A whole snapshot as frames of the stream, each made when it is asked for: all of a large one are never in memory. */
export function* snapshotPieces(snapshot: Snapshot): Generator<string> {
  const settings = settingsOf(snapshot);
  yield textOf({ kind: "snapshot-begin", settings, counts: snapshotCounts(snapshot) });
  for (const list of snapshotListNames) {
    for (let from = 0; from < snapshot[list].length; from += objectsPerPiece) {
      const some = snapshot[list].slice(from, from + objectsPerPiece);
      yield textOf({ kind: "snapshot-objects", objects: { [list]: some } });
    }
  }
  yield textOf({ kind: "snapshot-end", version: snapshot.version });
}

function textOf(frame: ControlFrame): string {
  return JSON.stringify(frame);
}
