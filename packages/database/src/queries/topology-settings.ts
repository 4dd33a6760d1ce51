/** What the installation knows of its topology file. */
import type { Queryable } from "../database.ts";
import { onlyRow } from "./result-rows.ts";

export interface TopologySettings {
  /** What the configuration named last; null: the topology that comes with the program. */
  readonly topology_file: string | null;
  readonly name_servers: readonly string[];
}

/** There must be an installation. */
export async function readTopologySettings(database: Queryable): Promise<TopologySettings> {
  return onlyRow(
    await database.query<TopologySettings>("select topology_file, name_servers from installation"),
  );
}

/** True when the name servers are others now. */
export async function writeTopologySettings(
  transaction: Queryable,
  settings: TopologySettings,
): Promise<boolean> {
  const before = await readTopologySettings(transaction);
  const nameServers = JSON.stringify(settings.name_servers);
  await transaction.query("update installation set topology_file = $1, name_servers = $2", [
    settings.topology_file,
    nameServers,
  ]);
  return JSON.stringify(before.name_servers) !== nameServers;
}
