/** A small zone for tests: three regions, private and public edges, gateways on documentation addresses. */
import type {
  SnapshotGateway,
  SnapshotGatewayInterface,
  ZoneNameServer,
  ZoneSnapshot,
} from "@tandem/contracts";

export const nameServers: readonly ZoneNameServer[] = [
  { name: "ns1", addresses: ["192.0.2.53", "2001:db8::53"] },
  { name: "ns2.example.net", addresses: [] },
];

export function exampleInterface(
  role: SnapshotGatewayInterface["roles"][number],
  address: string,
  changes: Partial<SnapshotGatewayInterface> = {},
): SnapshotGatewayInterface {
  return { name: role, roles: [role], address, udpPort: 5060, tcpPort: 5060, tlsPort: 5061, ...changes };
}

export function exampleGateway(
  edge: string,
  number: number,
  role: "private" | "public",
  address: string,
): SnapshotGateway {
  return {
    name: `${edge}-${number}`,
    edge,
    interfaces: [exampleInterface(role, address), exampleInterface("carrier", "192.0.2.200")],
  };
}

export function exampleZone(changes: Partial<ZoneSnapshot> = {}): ZoneSnapshot {
  return {
    formatVersion: 1,
    version: 7,
    baseDomain: "tandem.test",
    edges: [
      { name: "london-ix", legacyId: "ie1-ix", region: "ie1", kind: "private" },
      { name: "ashburn-ix", legacyId: "us1-ix", region: "us1", kind: "private" },
      { name: "san-jose-ix", legacyId: "us2-ix", region: "us2", kind: "private" },
      { name: "dublin", legacyId: "ie1", region: "ie1", kind: "public" },
      { name: "ashburn", legacyId: "us1", region: "us1", kind: "public" },
    ],
    regions: [
      { name: "us1", fallback: ["us2", "ie1"] },
      { name: "us2", fallback: ["us1", "ie1"] },
      { name: "ie1", fallback: ["us1"] },
    ],
    gateways: [
      exampleGateway("ashburn-ix", 1, "private", "198.51.100.1"),
      exampleGateway("ashburn-ix", 2, "private", "198.51.100.2"),
      exampleGateway("san-jose-ix", 1, "private", "198.51.100.11"),
      exampleGateway("london-ix", 1, "private", "198.51.100.21"),
      exampleGateway("ashburn", 1, "public", "203.0.113.1"),
      exampleGateway("dublin", 1, "public", "203.0.113.21"),
    ],
    trunkLabels: ["office", "branch.office", "a.b.deep"],
    backboneKeys: [{ id: 1, secret: "ab".repeat(32) }],
    ...changes,
  };
}
