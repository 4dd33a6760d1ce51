import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

type Collect = (options: { type: "minor" }) => void;

/**
 * Moves all young objects that are in use to the old generation, where collections of young objects don't meet them again.
 *
 * For the end of a start: what was read from disk would be copied twice else, the second time when there are calls, and they
 * would wait for it. Takes some 50 ms after a large snapshot.
 */
export function promoteYoungObjects(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as Collect;
  setFlagsFromString("--no-expose-gc");
  // The first one may copy within the young generation, the second one may not.
  collect({ type: "minor" });
  collect({ type: "minor" });
}
