/** Connections and snapshots for unit tests. */
import { type Snapshot, type SnapshotConnection, snapshotFormatVersion } from "@tandem/contracts";

export function exampleConnection(overrides: Partial<SnapshotConnection> = {}): SnapshotConnection {
  return {
    sid: `TX${"1".repeat(32)}`,
    accountSid: `AC${"0".repeat(32)}`,
    sharedAccountSids: [],
    friendlyName: "Ashburn",
    type: "crossconnect",
    edge: "ashburn-ix",
    status: "active",
    fallback: "none",
    routes: ["192.0.2.0/24"],
    device: "wan1",
    nextHop: "169.254.10.2",
    localAddress: "100.127.0.1",
    routingTable: 1001,
    ...overrides,
  };
}

export function exampleSnapshot(overrides: Partial<Snapshot> = {}): Snapshot {
  return {
    formatVersion: snapshotFormatVersion,
    version: 7,
    baseDomain: "tandem.test",
    realm: "tandem.test",
    edges: [{ name: "ashburn-ix", legacyId: "us1-ix", region: "us1", kind: "private" }],
    accounts: [],
    trunks: [],
    ipAccessControlLists: [],
    credentialLists: [],
    numbers: [],
    carriers: [],
    nonceKeys: [{ id: 1, secret: "00".repeat(32) }],
    regions: [],
    gateways: [],
    connections: [exampleConnection()],
    backboneKeys: [],
    ...overrides,
  };
}
