import { join } from "node:path";
import { defaultHeartbeatPort, type GatewayConfiguration } from "@tandem/contracts";
import { nameServer } from "../standard/addresses.ts";
import type { GatewayHost } from "../standard/gateway-host.ts";

export interface GatewayFileOptions {
  readonly directory: string;
  readonly controlUrl: string;
  readonly token: string;
  /** Path space of the host's FRR, which the network agent asks. */
  readonly pathspace: string;
  /** Merged into the configuration. With `tls` the interfaces towards customers have port 5061 too. */
  readonly changes?: Partial<GatewayConfiguration>;
}

/** The configuration of a gateway of the standard network: an interface to each side of its host. */
export function gatewayFile(
  gateway: GatewayHost,
  { directory, controlUrl, token, pathspace, changes }: GatewayFileOptions,
): GatewayConfiguration {
  const ports = { udpPort: 5060, tcpPort: 5060 };
  const customerPorts = { ...ports, ...(changes?.tls === undefined ? {} : { tlsPort: 5061 }) };
  return {
    name: gateway.name,
    edge: gateway.edge.name,
    region: gateway.edge.region,
    stateDirectory: join(directory, "gateway"),
    control: { url: controlUrl, token },
    interfaces: [
      ...(gateway.privateAddress === undefined
        ? []
        : [
            {
              name: "private",
              roles: ["private" as const],
              localAddress: gateway.privateAddress,
              ...customerPorts,
            },
          ]),
      { name: "internet", roles: ["public"], localAddress: gateway.internetAddress, ...customerPorts },
      { name: "carriers", roles: ["carrier"], localAddress: gateway.carrierAddress, ...ports },
      { name: "backbone", roles: ["backbone"], localAddress: gateway.backboneAddress, ...ports },
    ],
    mediaPorts: { first: 20_000, last: 29_999 },
    preboundEndpoints: 8,
    // Scenarios of the kernel engine say so: six gateways would compile its program at once.
    media: { engine: "userspace" },
    heartbeatTargets: [`${nameServer.backboneAddress}:${defaultHeartbeatPort}`],
    ...(gateway.privateAddress === undefined ? {} : { network: { vtysh: { pathspace } } }),
    health: { enabled: false, intervalSeconds: 30 },
    ...changes,
  };
}
