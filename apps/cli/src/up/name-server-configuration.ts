/** The configuration of the name server that `up` runs with `--dns-port`. */
import type { NameServerConfiguration } from "@tandem/contracts";
import type { ListenOptions, NameServerPorts } from "./listen-options.ts";

/** As control and the log know it. */
export const nameServerName = "name-server-1";
/** Heartbeats come from this machine only. */
export const heartbeatAddress = "127.0.0.1";

export function nameServerConfiguration(
  { listenAddress, advertisedAddress }: ListenOptions,
  { port, heartbeatPort }: NameServerPorts,
  control: NameServerConfiguration["control"],
  stateDirectory: string,
): NameServerConfiguration {
  return {
    name: nameServerName,
    stateDirectory,
    control,
    listen: [{ address: listenAddress, port }],
    heartbeats: [{ address: heartbeatAddress, port: heartbeatPort }],
    nameServers: [{ name: "ns1", addresses: [advertisedAddress] }],
  };
}
