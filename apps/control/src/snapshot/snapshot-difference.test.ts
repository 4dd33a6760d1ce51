import assert from "node:assert/strict";
import { test } from "node:test";
import { changedSnapshot, type Snapshot, SnapshotChange, validator } from "@tandem/contracts";
import { snapshotDifference } from "./snapshot-difference.ts";

const bare: Snapshot = {
  formatVersion: 2,
  version: 1,
  baseDomain: "tandem.test",
  realm: "tandem.test",
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
const number = (index: number, trunkSid: string | null = null) => ({
  sid: `PN${index}`,
  accountSid: "AC1",
  trunkSid,
  phoneNumber: `+1555${index}`,
});
const list = (index: number, ...networks: string[]) => ({ sid: `AL${index}`, networks, connectionSid: null });
const validate = validator(SnapshotChange);

function difference(before: Partial<Snapshot>, after: Partial<Snapshot>): SnapshotChange {
  const [one, other] = [
    { ...bare, ...before },
    { ...bare, version: 2, ...after },
  ];
  const change = snapshotDifference(one, other);
  assert.ok(validate(change).ok);
  const byName = ({ numbers, ...rest }: Snapshot) => ({
    ...rest,
    numbers: numbers.toSorted((a, b) => (a.phoneNumber < b.phoneNumber ? -1 : 1)),
  });
  assert.deepEqual(byName(changedSnapshot(one, structuredClone(change))), byName(other), "it leads there");
  return change;
}

test("nothing differs but the version", () => {
  const change = difference({ numbers: [number(1)] }, { numbers: [number(1)] });
  assert.deepEqual([change.settings, change.put, change.removed], [{}, {}, {}]);
  assert.deepEqual([change.fromVersion, change.toVersion, change.counts.numbers], [1, 2, 1]);
});

test("an object that is new, changed or gone is told, and no other", () => {
  const change = difference(
    { numbers: [number(1), number(2), number(3), number(4)] },
    { numbers: [number(1), number(3, "TK1"), number(4), number(5)] },
  );
  assert.deepEqual(change.put, { numbers: [number(3, "TK1"), number(5)] });
  assert.deepEqual(change.removed, { numbers: ["+15552"] });
  const emptied = difference({ numbers: [number(1), number(2)] }, {});
  assert.deepEqual([emptied.put, emptied.removed], [{}, { numbers: ["+15551", "+15552"] }]);
});

test("a difference deep within an object counts, its absence too", () => {
  const change = difference(
    { ipAccessControlLists: [list(1, "10.0.0.0/8"), list(2, "10.0.0.0/8"), list(3, "10.0.0.0/8")] },
    { ipAccessControlLists: [list(1, "10.0.0.0/9"), list(2), list(3, "10.0.0.0/8", "11.0.0.0/8")] },
  );
  assert.equal(change.put.ipAccessControlLists?.length, 3);
  const account = { sid: "AC1", status: "active", compatibility: "tandem" } as const;
  const more = { ...account, extra: 1 } as typeof account;
  assert.equal(difference({ accounts: [account] }, { accounts: [more] }).put.accounts?.length, 1);
});

test("settings are told whole, those that differ", () => {
  const nonceKeys = [
    { id: 2, secret: "t" },
    { id: 1, secret: "s" },
  ];
  assert.deepEqual(difference({}, { nonceKeys, realm: "other" }).settings, { nonceKeys, realm: "other" });
});

test("were the order another one, it would still lead there", () => {
  difference({ numbers: [number(1), number(2), number(3)] }, { numbers: [number(3), number(1), number(2)] });
});

test("permissions of an account are told with the account, lists of all accounts as a setting", () => {
  const account = (countries: Record<string, number>) => ({
    sid: "AC1",
    status: "active" as const,
    compatibility: "tandem" as const,
    dialingPermissions: { default: "protected" as const, countries },
  });
  const lists = (...blockedPrefixes: string[]) => ({
    lowRiskPrefixes: [],
    highRiskSpecialPrefixes: [],
    highRiskTollFraudPrefixes: [],
    blockedPrefixes,
    doNotOriginatePrefixes: [],
  });
  const destinations = lists("+1900");
  const switched = difference(
    { accounts: [account({})], destinations },
    { accounts: [account({ GB: 3 })], destinations: structuredClone(destinations) },
  );
  assert.deepEqual([switched.settings, switched.put], [{}, { accounts: [account({ GB: 3 })] }]);
  const blocked = difference({ destinations }, { destinations: lists("+1900", "+449") });
  assert.deepEqual([blocked.settings, blocked.put], [{ destinations: lists("+1900", "+449") }, {}]);
  // What a control of the version before had not is new.
  assert.deepEqual(difference({}, { destinations }).settings, { destinations });
});
