import type { Topology } from "@tandem/contracts";
import {
  bumpSnapshot,
  type Database,
  lockInstallation,
  readTopologySettings,
  writeTopologySettings,
} from "@tandem/database";
import { applyTopology, type TopologyOutcome } from "./apply-topology.ts";

/** A topology and where it is from. */
export interface TopologyChoice {
  /** As the configuration names it; undefined: it names none, and `topology` is the one that comes with the program. */
  readonly file: string | undefined;
  /** Undefined: no topology is wanted (`none`). */
  readonly topology: Topology | undefined;
}

/**
 * Brings an installation to its topology at a start of control. A file that the configuration names is followed at
 * every start; the one that comes with the program only by an installation that never had another, so that forgetting
 * the setting once does not replace the operator's edges by the example's. Undefined: nothing was to be followed.
 */
export async function followTopology(
  database: Database,
  { file, topology }: TopologyChoice,
): Promise<TopologyOutcome | undefined> {
  return database.transaction(async (transaction) => {
    if ((await lockInstallation(transaction)) === undefined) throw new Error("there is no installation");
    const settings = await readTopologySettings(transaction);
    if (file === undefined && settings.topology_file !== null) return undefined;
    const nameServers = topology?.nameServers ?? [];
    const areServersOthers = await writeTopologySettings(transaction, {
      topology_file: file ?? null,
      name_servers: topology === undefined ? settings.name_servers : nameServers,
    });
    if (topology === undefined) return undefined;
    const outcome = await applyTopology(transaction, topology);
    const isChanged = outcome.isChanged || areServersOthers;
    if (isChanged) await bumpSnapshot(transaction);
    return { ...outcome, isChanged };
  });
}
