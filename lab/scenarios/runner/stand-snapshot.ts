import { createHash } from "node:crypto";
import type { Snapshot, SnapshotCarrier, SnapshotTrunk } from "@tandem/contracts";
import type { Play } from "./play.ts";
import type { ScenarioOptions } from "./scenario.ts";
import { baseDomain, carrierCredentials, type StandAddresses, trunkCredentials } from "./stand-addresses.ts";

/** A trunk, a number and a carrier for each play: what one does to the health of its carrier is nobody else's. */
export function standSnapshot(plays: readonly Play[], addresses: StandAddresses): Snapshot {
  return {
    formatVersion: 2,
    version: 1,
    baseDomain,
    realm: baseDomain,
    edges: [{ name: "ashburn", legacyId: "us1", region: "us1", kind: "public" }],
    accounts: [{ sid: "AC1", status: "active", compatibility: "tandem" }],
    trunks: plays.map((play) => trunk(play, addresses)),
    ipAccessControlLists: [{ sid: "AL1", networks: [`${addresses.customers}/32`], connectionSid: null }],
    credentialLists: [{ sid: "CL1", algorithm: "MD5", credentials: [storedCredentials()] }],
    numbers: plays.map(({ index, trunkNumber }) => ({
      sid: `PN${index}`,
      accountSid: "AC1",
      trunkSid: `TK${index}`,
      phoneNumber: trunkNumber,
    })),
    carriers: plays.map((play) => carrier(play, addresses)),
    nonceKeys: [{ id: 1, secret: "00".repeat(32) }],
    regions: [],
    gateways: [],
    connections: [],
    backboneKeys: [],
  };
}

function storedCredentials(): { username: string; ha1: string } {
  const { username, password } = trunkCredentials;
  return { username, ha1: createHash("md5").update(`${username}:${baseDomain}:${password}`).digest("hex") };
}

function timers({ firstResponseSeconds, progressSeconds, ringSeconds }: ScenarioOptions) {
  return {
    firstResponseSeconds: firstResponseSeconds ?? 4,
    progressSeconds: progressSeconds ?? 20,
    ringSeconds: ringSeconds ?? 180,
  };
}

function trunk(play: Play, { customers }: StandAddresses): SnapshotTrunk {
  const { index, label, ports, scenario } = play;
  const { options } = scenario;
  return {
    sid: `TK${index}`,
    accountSid: "AC1",
    friendlyName: label,
    domainLabel: label,
    secure: false,
    sourcePolicy: "symmetric",
    ipAccessControlListSids: options.withPassword === true ? [] : ["AL1"],
    credentialListSids: options.withPassword === true ? ["CL1"] : [],
    originationUrls: [
      {
        sid: `OU${index}`,
        sipUrl: `sip:${customers}:${ports[0]}${transportOf(play)}`,
        priority: 10,
        weight: 10,
        enabled: true,
      },
    ],
    timers: timers(options),
    failoverOverrides: {},
    maximumDurationSeconds: options.maximumDurationSeconds ?? 14_400,
    callsPerSecond: null,
    concurrentCalls: null,
  };
}

function carrier(play: Play, { carriers }: StandAddresses): SnapshotCarrier {
  const { index, ports, pstnNumber, scenario } = play;
  const { options } = scenario;
  const ranked = options.twoGateways === true ? [ports[1], ports[2]] : [ports[1]];
  return {
    sid: `CR${index}`,
    friendlyName: `carrier ${index}`,
    enabled: true,
    // The calls of all carriers come from one address: the first is taken for the source of them all.
    sourceNetworks: [`${carriers}/32`],
    gateways: ranked.map((port, rank) => ({
      sid: `CG${index}-${rank}`,
      sipUrl: `sip:${carriers}:${port}${transportOf(play)}`,
      priority: rank + 1,
      weight: 10,
      enabled: true,
      edge: null,
    })),
    routes: [{ prefix: pstnNumber.slice(0, 9), priority: 10, weight: 10 }],
    credentials: options.carrierCredentials === true ? carrierCredentials : null,
    registration: null,
    sourcePolicy: "address",
    timers: timers(options),
    failoverOverrides: {},
  };
}

function transportOf({ protocol }: Play): string {
  return protocol === "UDP" ? "" : `;transport=${protocol.toLowerCase()}`;
}
