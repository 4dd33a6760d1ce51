import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import {
  defaultAttemptTimers,
  type SnapshotCounts,
  type SnapshotIpAccessControlList,
  type SnapshotNumber,
  type SnapshotSettings,
  type SnapshotTrunk,
  snapshotFormatVersion,
} from "@tandem/contracts";

export interface LargeSnapshot {
  readonly trunks: number;
  readonly numbers: number;
  readonly customerAddress: string;
  readonly carrierAddress: string;
}

export const largeBaseDomain = "tandem.test";
export const firstTrunkLabel = "load";
const trunksPerAccount = 10;
/** Numbers are bought in blocks for one trunk. */
const numbersPerBlock = 10;

/** Writes the same file for the same sizes: trunks with a list, an address and a URL each, numbers over all of them. */
export function writeLargeSnapshot(file: string, size: LargeSnapshot): SnapshotCounts {
  const handle = openSync(file, "w", 0o600);
  const put = (text: string): void => void writeSync(handle, text);
  const accounts = Math.ceil(size.trunks / trunksPerAccount);
  try {
    put(JSON.stringify(settings(1)).slice(0, -1));
    putList(put, "accounts", accounts, (index) => ({
      sid: sid("AC", index),
      status: "active",
      compatibility: "tandem",
    }));
    putList(put, "trunks", size.trunks, (index) => largeTrunk(index));
    putList(put, "ipAccessControlLists", size.trunks, (index) => accessControlList(index, size));
    putList(put, "credentialLists", 0, () => ({}));
    putList(put, "numbers", size.numbers, (index) => largeNumber(index, size));
    putList(put, "carriers", 1, () => carrier(size.carrierAddress));
    putList(put, "connections", 0, () => ({}));
    put("\n}\n");
  } finally {
    closeSync(handle);
  }
  return {
    accounts,
    trunks: size.trunks,
    ipAccessControlLists: size.trunks,
    credentialLists: 0,
    numbers: size.numbers,
    carriers: 1,
    connections: 0,
  };
}

function putList(put: (text: string) => void, name: string, count: number, make: (index: number) => object) {
  let piece = `\n,"${name}":[`;
  for (let index = 0; index < count; index += 1) {
    piece += (index === 0 ? "\n" : ",\n") + JSON.stringify(make(index));
    if (piece.length < 1_000_000) continue;
    put(piece);
    piece = "";
  }
  put(`${piece}\n]`);
}

function settings(version: number): SnapshotSettings {
  return {
    formatVersion: snapshotFormatVersion,
    version,
    baseDomain: largeBaseDomain,
    realm: largeBaseDomain,
    edges: [{ name: "ashburn", legacyId: "us1", region: "us1", kind: "public" }],
    nonceKeys: [{ id: 1, secret: "00".repeat(32) }],
    regions: [],
    gateways: [],
    backboneKeys: [],
  };
}

/** As random as real ones: what is indexed by them must not profit from counting. */
function sid(prefix: string, index: number): string {
  return prefix + createHash("md5").update(`${prefix}${index}`).digest("hex");
}

export function largeTrunk(index: number, host = addressOf(index)): SnapshotTrunk {
  return {
    sid: sid("TK", index),
    accountSid: sid("AC", Math.floor(index / trunksPerAccount)),
    friendlyName: `trunk ${index}`,
    domainLabel: index === 0 ? firstTrunkLabel : `trunk-${index}`,
    secure: false,
    sourcePolicy: "address",
    ipAccessControlListSids: [sid("AL", index)],
    credentialListSids: [],
    originationUrls: [
      { sid: sid("OU", index), sipUrl: `sip:${host}`, priority: 10, weight: 10, enabled: true },
    ],
    timers: defaultAttemptTimers,
    failoverOverrides: {},
    transferMode: "disable-all",
    transferCallerId: "from-transferee",
    maximumDurationSeconds: 14_400,
    callsPerSecond: null,
    concurrentCalls: null,
  };
}

/** @param moved to how many trunks further it has been moved */
export function largeNumber(index: number, size: Pick<LargeSnapshot, "trunks">, moved = 0): SnapshotNumber {
  const trunk = (Math.floor(index / numbersPerBlock) * 7 + moved) % size.trunks;
  return {
    sid: sid("PN", index),
    accountSid: sid("AC", Math.floor(trunk / trunksPerAccount)),
    trunkSid: sid("TK", trunk),
    phoneNumber: `+1${(2_000_000_000 + index).toString()}`,
  };
}

function accessControlList(index: number, size: LargeSnapshot): SnapshotIpAccessControlList {
  const address = index === 0 ? size.customerAddress : addressOf(index);
  return { sid: sid("AL", index), networks: [`${address}/32`], connectionSid: null };
}

function carrier(address: string): object {
  return {
    sid: sid("CX", 0),
    friendlyName: "carrier",
    enabled: true,
    sourceNetworks: [`${address}/32`],
    gateways: [
      { sid: sid("CG", 0), sipUrl: `sip:${address}:5060`, priority: 1, weight: 1, enabled: true, edge: null },
    ],
    routes: [{ prefix: "+", priority: 1, weight: 1 }],
    credentials: null,
    registration: null,
    sourcePolicy: "address",
    timers: defaultAttemptTimers,
    failoverOverrides: {},
  };
}

function addressOf(index: number): string {
  return `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
}
