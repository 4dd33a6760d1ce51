import assert from "node:assert/strict";
import { test } from "node:test";
import { ControlFrame, upgradeControlFrame } from "./gateway-stream.ts";
import { Snapshot, snapshotFormatVersion, upgradeSnapshot } from "./snapshot.ts";
import { validator } from "./validate.ts";

/** A snapshot as version 1 wrote it. */
const versionOne = {
  formatVersion: 1,
  version: 7,
  baseDomain: "tandem.test",
  realm: "tandem.test",
  edges: [{ name: "ashburn-ix", legacyId: "us1-ix", region: "us1", kind: "private" }],
  accounts: [],
  trunks: [],
  ipAccessControlLists: [{ sid: "AL1", networks: ["192.0.2.0/24"] }],
  credentialLists: [],
  numbers: [],
  carriers: [],
  nonceKeys: [{ id: 1, secret: "00" }],
};
const validSnapshot = validator(Snapshot);
const validFrame = validator(ControlFrame);

test("a snapshot of the version before is read: its lists hold over any way, it has no private lines", () => {
  const checked = validSnapshot(upgradeSnapshot(versionOne));
  assert.ok(checked.ok);
  assert.equal(checked.value.formatVersion, snapshotFormatVersion);
  assert.deepEqual(checked.value.ipAccessControlLists, [
    { sid: "AL1", networks: ["192.0.2.0/24"], connectionSid: null },
  ]);
  const { regions, gateways, connections, backboneKeys, version } = checked.value;
  assert.deepEqual([regions, gateways, connections, backboneKeys, version], [[], [], [], [], 7]);
});

test("a snapshot of this version is left alone, and so is what is none", () => {
  const upgraded = upgradeSnapshot(versionOne);
  assert.equal(upgradeSnapshot(upgraded), upgraded);
  for (const other of [null, undefined, 7, "text", {}, { formatVersion: 1 }, { formatVersion: 3 }]) {
    assert.equal(upgradeSnapshot(other), other);
  }
});

test("a snapshot of this version may say which destinations may be called, or nothing of it", () => {
  const account = { sid: "AC1", status: "active", compatibility: "tandem" };
  const bare = { ...(upgradeSnapshot(versionOne) as object), accounts: [account] };
  assert.ok(validSnapshot(bare).ok);
  const destinations = {
    lowRiskPrefixes: [],
    highRiskSpecialPrefixes: ["+1900"],
    highRiskTollFraudPrefixes: [],
    blockedPrefixes: [],
    doNotOriginatePrefixes: [],
  };
  const permitting = (countries: object) => ({
    ...bare,
    accounts: [{ ...account, dialingPermissions: { default: "protected", countries } }],
    destinations,
  });
  assert.ok(validSnapshot(permitting({ GB: 0, FR: 7 })).ok);
  for (const bits of [-1, 8, 1.5, "1"]) assert.equal(validSnapshot(permitting({ GB: bits })).ok, false);
});

test("without the upgrade it is refused", () => {
  assert.equal(validSnapshot(versionOne).ok, false);
});

test("a frame of a control one version back carries a snapshot of this version", () => {
  const frame = validFrame(upgradeControlFrame({ kind: "snapshot", snapshot: versionOne }));
  assert.ok(frame.ok && frame.value.kind === "snapshot");
  assert.equal(frame.value.snapshot.formatVersion, snapshotFormatVersion);
  const stored = { kind: "stored", sequence: 4 };
  assert.equal(upgradeControlFrame(stored), stored);
  assert.equal(upgradeControlFrame(null), null);
});
