import assert from "node:assert/strict";
import { test } from "node:test";
import type { Snapshot } from "@tandem/contracts";
import { publishable, publishableZone } from "./published-snapshot.ts";

const snapshot: Snapshot = {
  formatVersion: 2,
  version: 7,
  baseDomain: "tandem.test",
  realm: "realm.test",
  edges: [],
  accounts: [],
  trunks: [],
  ipAccessControlLists: [],
  credentialLists: [],
  numbers: [],
  carriers: [],
  nonceKeys: [{ id: 1, secret: "s" }],
  regions: [],
  gateways: [],
  connections: [],
  backboneKeys: [],
};

test("a sound snapshot becomes the frame that gateways get", () => {
  const published = publishable(snapshot);
  assert.equal(published.version, 7);
  assert.deepEqual(JSON.parse(published.frame), { kind: "snapshot", snapshot });
});

test("a snapshot that breaks the contract is not published, and the error says where", () => {
  assert.throws(
    () => publishable({ ...snapshot, nonceKeys: [] }),
    /^Error: snapshot 7 breaks the contract at \/nonceKeys/,
  );
  const wrong = { ...snapshot, realm: null } as unknown as Snapshot;
  assert.throws(() => publishable(wrong), /at \/realm/);
});

test("name servers get the zone of the snapshot, as the frame of their stream", () => {
  const published = publishableZone({ ...snapshot, realm: "secret realm" });
  assert.equal(published.version, 7);
  assert.deepEqual(JSON.parse(published.frame), {
    kind: "zone",
    zone: {
      formatVersion: 1,
      version: 7,
      baseDomain: "tandem.test",
      edges: [],
      regions: [],
      gateways: [],
      trunkLabels: [],
      backboneKeys: [],
    },
  });
});
