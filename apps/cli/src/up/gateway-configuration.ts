/** The configuration of the one gateway that `up` runs. */
import type { GatewayConfiguration } from "@tandem/contracts";
import type { AddressAndPort, ListenOptions } from "./listen-options.ts";
import { metricsOf } from "./metrics-ports.ts";
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
  const metrics = metricsOf(options, "gateway");
  const { listenAddress, advertisedAddress, sipPort, mediaPorts, tls, rtpengine, collector, nameServer } =
    options;
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
    ...(metrics !== undefined && { metrics }),
    ...(rtpengine !== undefined && {
      // Of a rtpengine that was started with --interface=ADDRESS and no name.
      rtpengines: [
        {
          address: addressText(rtpengine),
          interfaces: [{ interface: "main", name: "default", address: advertisedAddress }],
        },
      ],
    }),
    ...(collector !== undefined && { trace: { collector: addressText(collector) } }),
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

function addressText({ address, port }: AddressAndPort): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
