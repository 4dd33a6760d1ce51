/** Snapshots for the tests of this package. */
import type {
  CarrierGateway,
  Edge,
  OriginationUrl,
  Snapshot,
  SnapshotCarrier,
  SnapshotConnection,
  SnapshotTrunk,
} from "@tandem/contracts";

const timers = { firstResponseSeconds: 4, progressSeconds: 20, ringSeconds: 180 };

const edges: Edge[] = [
  { name: "ashburn-ix", legacyId: "us1-ix", region: "us1", kind: "private" },
  { name: "san-jose-ix", legacyId: "us2-ix", region: "us2", kind: "private" },
  { name: "ashburn", legacyId: "us1", region: "us1", kind: "public" },
];

export function exampleSnapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    formatVersion: 2,
    version: 7,
    baseDomain: "tandem.test",
    realm: "tandem.test",
    edges,
    accounts: [{ sid: "AC1", status: "active", compatibility: "tandem" }],
    trunks: [],
    ipAccessControlLists: [],
    credentialLists: [],
    numbers: [],
    carriers: [],
    nonceKeys: [{ id: 1, secret: "00".repeat(32) }],
    regions: [],
    gateways: [],
    connections: [],
    backboneKeys: [],
    ...changes,
  };
}

export function exampleTrunk(changes: Partial<SnapshotTrunk> = {}): SnapshotTrunk {
  return {
    sid: "TK1",
    accountSid: "AC1",
    friendlyName: "example",
    domainLabel: "example",
    secure: false,
    sourcePolicy: "address",
    ipAccessControlListSids: [],
    credentialListSids: [],
    originationUrls: [],
    timers,
    failoverOverrides: {},
    maximumDurationSeconds: 14_400,
    callsPerSecond: null,
    concurrentCalls: null,
    ...changes,
  };
}

export function exampleUrl(sid: string, changes: Partial<OriginationUrl> = {}): OriginationUrl {
  return { sid, sipUrl: `sip:${sid}.example.com`, priority: 10, weight: 10, enabled: true, ...changes };
}

export function exampleGateway(sid: string, changes: Partial<CarrierGateway> = {}): CarrierGateway {
  return {
    sid,
    sipUrl: `sip:${sid}.carrier.example`,
    priority: 10,
    weight: 10,
    enabled: true,
    edge: null,
    ...changes,
  };
}

/** A carrier with one gateway `{sid}-gateway` and the route `+`, unless said otherwise. */
export function exampleCarrier(sid: string, changes: Partial<SnapshotCarrier> = {}): SnapshotCarrier {
  return {
    sid,
    friendlyName: sid,
    enabled: true,
    sourceNetworks: [],
    gateways: [exampleGateway(`${sid}-gateway`)],
    routes: [{ prefix: "+", priority: 10, weight: 10 }],
    credentials: null,
    registration: null,
    sourcePolicy: "address",
    timers,
    failoverOverrides: {},
    ...changes,
  };
}

/** `TX`, `digit` and 31 zeros. */
export function connectionSid(digit: number): string {
  return `TX${digit}${"0".repeat(31)}`;
}

/** An active line of account AC1 at ashburn-ix with the route 172.56.42.0/24, unless said otherwise. */
export function exampleConnection(
  digit: number,
  changes: Partial<SnapshotConnection> = {},
): SnapshotConnection {
  return {
    sid: connectionSid(digit),
    accountSid: "AC1",
    sharedAccountSids: [],
    friendlyName: `line ${digit}`,
    type: "crossconnect",
    edge: "ashburn-ix",
    status: "active",
    fallback: "none",
    routes: ["172.56.42.0/24"],
    device: `line${digit}`,
    nextHop: null,
    localAddress: `100.127.0.${digit}`,
    routingTable: 1000 + digit,
    ...changes,
  };
}
