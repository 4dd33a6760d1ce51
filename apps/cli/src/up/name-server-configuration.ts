/** The configuration of the name server that `up` runs with `--dns-port`. */
import type { NameServerConfiguration } from "@tandem/contracts";
import type { ListenOptions, NameServerPorts } from "./listen-options.ts";
import { metricsOf } from "./metrics-ports.ts";

/** As control and the log know it. */
export const nameServerName = "name-server-1";
/** Heartbeats come from this machine only. */
export const heartbeatAddress = "127.0.0.1";

export function nameServerConfiguration(
  options: ListenOptions,
  { port, heartbeatPort }: NameServerPorts,
  control: NameServerConfiguration["control"],
  stateDirectory: string,
): NameServerConfiguration {
  const { listenAddress, advertisedAddress } = options;
  const metrics = metricsOf(options, "dns");
  return {
    name: nameServerName,
    stateDirectory,
    control,
    listen: [{ address: listenAddress, port }],
    heartbeats: [{ address: heartbeatAddress, port: heartbeatPort }],
    ...(metrics !== undefined && { metrics }),
    nameServers: [{ name: "ns1", addresses: [advertisedAddress] }],
  };
}
