import assert from "node:assert/strict";
import { test } from "node:test";
import { ControlFrame, type Snapshot, type SnapshotNumber, validator } from "@tandem/contracts";
import { maximumObjectsInOneFrame, publishable, publishableZone } from "./published-snapshot.ts";
import { objectsPerPiece } from "./snapshot-pieces.ts";

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

test("a large one goes in pieces, which together are the whole", () => {
  const many = (count: number): SnapshotNumber[] =>
    Array.from({ length: count }, (_, index) => ({
      sid: `PN${index}`,
      accountSid: "AC1",
      trunkSid: null,
      phoneNumber: `+1555${index}`,
    }));
  const small = publishable({ ...snapshot, numbers: many(maximumObjectsInOneFrame) });
  assert.deepEqual([...small.pieces()], [small.frame]);
  const numbers = many(maximumObjectsInOneFrame + 1);
  const account = { sid: "AC1", status: "active", compatibility: "tandem" } as const;
  const validate = validator(ControlFrame);
  const frames = [...publishable({ ...snapshot, accounts: [account], numbers }).pieces()].map((text) => {
    const checked = validate(JSON.parse(text));
    assert.ok(checked.ok, text.slice(0, 200));
    return checked.value;
  });
  const [begin, end] = [frames.shift(), frames.pop()];
  assert.ok(begin?.kind === "snapshot-begin");
  assert.deepEqual(
    [begin.settings.version, begin.settings.realm, begin.counts.numbers],
    [7, "realm.test", numbers.length],
  );
  assert.deepEqual(end, { kind: "snapshot-end", version: 7 });
  const objects = frames.map((frame) => (frame.kind === "snapshot-objects" ? frame.objects : {}));
  assert.deepEqual(objects.shift(), { accounts: [account] });
  assert.ok(objects.every((one) => (one.numbers?.length ?? 0) <= objectsPerPiece));
  assert.deepEqual(
    objects.flatMap((one) => one.numbers ?? []),
    numbers,
  );
});
