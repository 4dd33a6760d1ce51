import type { Edge, SnapshotGateway, SnapshotGatewayInterface } from "@tandem/contracts";
import { type IpAddress, parseIpAddress } from "@tandem/routing";
import { maximumLabelBytes } from "../wire/codes.ts";

export type TransportName = "udp" | "tcp" | "tls";

/** One host name of a gateway: its addresses, and the ports that all of them serve. */
export interface GatewayHost {
  /** The gateway's name, for its health. */
  readonly gateway: string;
  /** `{label}.gw.{edge}.{base domain}` in lower case. */
  readonly name: string;
  readonly ipv4: readonly (IpAddress & number)[];
  readonly ipv6: readonly (IpAddress & string)[];
  /** Null: the transport is not served. */
  readonly ports: Readonly<Record<TransportName, number | null>>;
}

/**
 * Hosts of an edge's gateways: of each gateway the interfaces that have the role of the edge's kind. Interfaces with the
 * same ports share a host name; others get one more, since a port of an SRV record holds for all addresses of its target.
 */
export function hostsOfEdge(
  edge: Edge,
  gateways: readonly SnapshotGateway[],
  baseDomain: string,
): readonly GatewayHost[] {
  const taken = new Set<string>();
  return gateways.flatMap((gateway) => {
    const serving = gateway.interfaces.filter((one) => one.roles.includes(edge.kind) && hasAddress(one));
    const groups = Map.groupBy(
      serving,
      ({ udpPort, tcpPort, tlsPort }) => `${udpPort} ${tcpPort} ${tlsPort}`,
    );
    return [...groups.values()].map((interfaces) => {
      const label = freeLabel(hostLabel(gateway.name), taken);
      return hostOf(gateway.name, `${label}.gw.${edge.name.toLowerCase()}.${baseDomain}`, interfaces);
    });
  });
}

function hostOf(gateway: string, name: string, interfaces: readonly SnapshotGatewayInterface[]): GatewayHost {
  const addresses = [...new Set(interfaces.map((one) => parseIpAddress(one.address)))];
  const [first] = interfaces;
  return {
    gateway,
    name,
    ipv4: addresses.filter((address) => typeof address === "number"),
    ipv6: addresses.filter((address) => typeof address === "string"),
    ports: {
      udp: first?.udpPort ?? null,
      tcp: first?.tcpPort ?? null,
      tls: first?.tlsPort ?? null,
    },
  };
}

/** A gateway that has no advertised address yet, or nonsense for one, stands in no name. */
function hasAddress({ address }: SnapshotGatewayInterface): boolean {
  const parsed = parseIpAddress(address);
  return parsed !== undefined && parsed !== 0 && parsed !== "\0".repeat(8);
}

/** A gateway's name may hold anything; a host name only letters, digits and hyphens inside (RFC 1123 §2.1). */
function hostLabel(gateway: string): string {
  const label = gateway
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  // Room for a number that tells two apart.
  return label.slice(0, maximumLabelBytes - 5).replace(/-$/, "") || "gateway";
}

function freeLabel(label: string, taken: Set<string>): string {
  let free = label;
  for (let number = 2; taken.has(free); number++) free = `${label}-${number}`;
  taken.add(free);
  return free;
}
