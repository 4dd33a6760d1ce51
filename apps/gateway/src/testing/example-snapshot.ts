/** Snapshots for tests: one trunk with everything, one carrier, two numbers. */
import type {
  CarrierGateway,
  OriginationUrl,
  Snapshot,
  SnapshotCarrier,
  SnapshotConnection,
  SnapshotTrunk,
} from "@tandem/contracts";
import { ha1 } from "@tandem/sip/digest";

export const addresses = {
  /** In the trunk's access control list. */
  customer: "192.0.2.10",
  /** In no list. */
  stranger: "192.0.2.99",
  /** In the carrier's source networks. */
  carrier: "203.0.113.7",
} as const;

export const password = "correct-horse-battery";
export const trunkHost = "acme.pstn.tandem.test";

const timers = { firstResponseSeconds: 4, progressSeconds: 20, ringSeconds: 180 };

export function exampleUrl(changes: Partial<OriginationUrl> = {}): OriginationUrl {
  return {
    sid: "OU1",
    sipUrl: "sip:192.0.2.20:5080",
    priority: 10,
    weight: 10,
    enabled: true,
    ...changes,
  };
}

/** Reached by its access control list only, unless changed. */
export function exampleTrunk(changes: Partial<SnapshotTrunk> = {}): SnapshotTrunk {
  return {
    sid: "TK1",
    accountSid: "AC1",
    friendlyName: "acme",
    domainLabel: "acme",
    secure: false,
    sourcePolicy: "symmetric",
    ipAccessControlListSids: ["AL1"],
    credentialListSids: [],
    originationUrls: [exampleUrl()],
    timers,
    failoverOverrides: {},
    maximumDurationSeconds: 14_400,
    callsPerSecond: null,
    concurrentCalls: null,
    ...changes,
  };
}

export function exampleGateway(changes: Partial<CarrierGateway> = {}): CarrierGateway {
  return {
    sid: "CG1",
    sipUrl: "sip:203.0.113.7:5060",
    priority: 10,
    weight: 10,
    enabled: true,
    edge: null,
    ...changes,
  };
}

export function exampleCarrier(changes: Partial<SnapshotCarrier> = {}): SnapshotCarrier {
  return {
    sid: "CR1",
    friendlyName: "bigtel",
    enabled: true,
    sourceNetworks: ["203.0.113.0/24"],
    gateways: [exampleGateway()],
    routes: [{ prefix: "+", priority: 10, weight: 10 }],
    credentials: null,
    registration: null,
    sourcePolicy: "strict",
    timers,
    failoverOverrides: {},
    ...changes,
  };
}

export function exampleSnapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    formatVersion: 2,
    version: 7,
    baseDomain: "tandem.test",
    realm: "tandem.test",
    edges: [
      { name: "ashburn-ix", legacyId: "us1-ix", region: "us1", kind: "private" },
      { name: "san-jose-ix", legacyId: "us2-ix", region: "us2", kind: "private" },
      { name: "ashburn", legacyId: "us1", region: "us1", kind: "public" },
    ],
    accounts: [{ sid: "AC1", status: "active", compatibility: "tandem" }],
    trunks: [exampleTrunk()],
    ipAccessControlLists: [{ sid: "AL1", networks: ["192.0.2.10/32", "192.0.2.11/32"], connectionSid: null }],
    credentialLists: [
      {
        sid: "CL1",
        algorithm: "MD5",
        credentials: [{ username: "pbx", ha1: ha1("pbx", "tandem.test", password, "MD5") }],
      },
      {
        sid: "CL2",
        algorithm: "SHA-256",
        credentials: [{ username: "pbx", ha1: ha1("pbx", "tandem.test", password, "SHA-256") }],
      },
    ],
    numbers: [
      { sid: "PN1", accountSid: "AC1", trunkSid: "TK1", phoneNumber: "+15550001111" },
      { sid: "PN2", accountSid: "AC1", trunkSid: null, phoneNumber: "+15550002222" },
      { sid: "PN3", accountSid: "AC2", trunkSid: "TK1", phoneNumber: "+15550003333" },
    ],
    carriers: [exampleCarrier()],
    nonceKeys: [{ id: 1, secret: "00".repeat(32) }],
    regions: [],
    gateways: [],
    connections: [],
    backboneKeys: [],
    ...changes,
  };
}

/** `TX`, the digit and 31 zeros. */
export function connectionSid(digit: number): string {
  return `TX${digit}${"0".repeat(31)}`;
}

/** An active line of AC1 at ashburn-ix, behind which 172.56.42.0/24 is, unless said otherwise. */
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
