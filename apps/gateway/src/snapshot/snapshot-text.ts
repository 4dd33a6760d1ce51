import { snapshotListNames } from "@tandem/contracts";
import type { RoutingTable } from "@tandem/routing";

/** Characters of one piece, about; making one takes less than a millisecond. */
const pieceCharacters = 64 * 1024;

/**
 * The JSON of a table's snapshot in pieces: the whole of a large one is never in memory. Settings first, a line for each
 * object: that lets `SnapshotLines` read it in pieces too.
 */
export function* snapshotText(table: RoutingTable): Generator<string> {
  yield JSON.stringify(table.snapshot).slice(0, -1);
  for (const list of snapshotListNames) {
    let piece = `\n,"${list}":[`;
    let separator = "\n";
    for (const object of table.objects(list)) {
      piece += separator + JSON.stringify(object);
      separator = ",\n";
      if (piece.length < pieceCharacters) continue;
      yield piece;
      piece = "";
    }
    yield `${piece}\n]`;
  }
  yield "\n}\n";
}
