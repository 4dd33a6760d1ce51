/** The configuration of the one gateway that `up` runs. */
import type { GatewayConfiguration } from "@tandem/contracts";
import type { ListenOptions } from "./listen-options.ts";
import { heartbeatAddress } from "./name-server-configuration.ts";

export interface GatewayPlace {
  readonly name: string;
  readonly edge: string;
  readonly region: string;
}

/** One interface for everybody: customers on private and public edges, and carriers. */
export function gatewayConfiguration(
  options: ListenOptions,
  place: GatewayPlace,
  control: GatewayConfiguration["control"],
  stateDirectory: string,
): GatewayConfiguration {
  const { listenAddress, advertisedAddress, sipPort, mediaPorts, tls, nameServer } = options;
  return {
    ...place,
    stateDirectory,
    control,
    interfaces: [
      {
        name: "main",
        roles: ["private", "public", "carrier"],
        localAddress: listenAddress,
        advertisedAddress,
        udpPort: sipPort,
        tcpPort: sipPort,
        ...(tls !== undefined && { tlsPort: tls.port }),
      },
    ],
    mediaPorts,
    ...(nameServer !== undefined && {
      heartbeatTargets: [`${heartbeatAddress}:${nameServer.heartbeatPort}`],
    }),
    ...(tls !== undefined && {
      tls: {
        certificates: [{ serverNames: [], certificateFile: tls.certificateFile, keyFile: tls.keyFile }],
      },
    }),
  };
}
