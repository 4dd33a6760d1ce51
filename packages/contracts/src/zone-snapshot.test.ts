import assert from "node:assert/strict";
import { test } from "node:test";
import type { Snapshot } from "./snapshot.ts";
import { validator } from "./validate.ts";
import { ZoneSnapshot, zoneFormatVersion, zoneSnapshotOf } from "./zone-snapshot.ts";

const timers = { firstResponseSeconds: 4, progressSeconds: 20, ringSeconds: 180 };

function trunk(domainLabel: string | null): Snapshot["trunks"][number] {
  return {
    sid: "TK1",
    accountSid: "AC1",
    friendlyName: "secret name",
    domainLabel,
    secure: false,
    sourcePolicy: "address",
    ipAccessControlListSids: [],
    credentialListSids: [],
    originationUrls: [{ sid: "OU1", sipUrl: "sip:secret.host", priority: 1, weight: 1, enabled: true }],
    timers,
    failoverOverrides: {},
    maximumDurationSeconds: 60,
    callsPerSecond: null,
    concurrentCalls: null,
  };
}

const snapshot: Snapshot = {
  formatVersion: 2,
  version: 9,
  baseDomain: "tandem.test",
  realm: "secret realm",
  edges: [{ name: "ashburn-ix", legacyId: "us1-ix", region: "us1", kind: "private" }],
  accounts: [{ sid: "AC1", status: "suspended", compatibility: "tandem" }],
  trunks: [trunk("office"), trunk(null), trunk("a.office")],
  ipAccessControlLists: [{ sid: "AL1", networks: ["192.0.2.0/24"], connectionSid: null }],
  credentialLists: [{ sid: "CL1", algorithm: "MD5", credentials: [{ username: "u", ha1: "secret ha1" }] }],
  numbers: [{ sid: "PN1", accountSid: "AC1", trunkSid: null, phoneNumber: "+15550100" }],
  carriers: [],
  nonceKeys: [{ id: 1, secret: "secret nonce key" }],
  regions: [{ name: "us1", fallback: ["us2"] }],
  gateways: [{ name: "ashburn-ix-1", edge: "ashburn-ix", interfaces: [] }],
  connections: [],
  backboneKeys: [{ id: 3, secret: "ab".repeat(32) }],
};

test("a zone holds places, labels and the keys of heartbeats", () => {
  const zone = zoneSnapshotOf(snapshot);
  assert.deepEqual(zone, {
    formatVersion: zoneFormatVersion,
    version: 9,
    baseDomain: "tandem.test",
    edges: snapshot.edges,
    regions: snapshot.regions,
    gateways: snapshot.gateways,
    trunkLabels: ["office", "a.office"],
    backboneKeys: snapshot.backboneKeys,
  });
  assert.ok(validator(ZoneSnapshot)(zone).ok);
});

test("nothing of a customer but the label of the trunk gets to a name server", () => {
  const text = JSON.stringify(zoneSnapshotOf(snapshot));
  assert.doesNotMatch(text, /secret |192\.0\.2|\+1555|AC1|TK1|CL1/);
});
