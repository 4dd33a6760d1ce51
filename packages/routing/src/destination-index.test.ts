import assert from "node:assert/strict";
import { test } from "node:test";
import type { DialingPermissions, SnapshotAccount, SnapshotDestinations } from "@tandem/contracts";
import { DestinationIndex } from "./destination-index.ts";
import { exampleSnapshot } from "./example-snapshot.ts";
import { RoutingTable } from "./routing-table.ts";

const lists: SnapshotDestinations = {
  lowRiskPrefixes: ["+44909"],
  highRiskSpecialPrefixes: ["+449", "+881"],
  highRiskTollFraudPrefixes: ["+44909666", "+881"],
  blockedPrefixes: ["+4490"],
  doNotOriginatePrefixes: ["+15550100"],
};

test("the longest prefix says the class; of equal ones the class that risks more", () => {
  const index = new DestinationIndex(lists);
  const rows: [number: string, risk: string, prefix: string | undefined][] = [
    ["+442079460000", "low-risk", undefined],
    ["+449012345678", "high-risk-special", "+449"],
    ["+449091234567", "low-risk", "+44909"],
    ["+449096661234", "high-risk-toll-fraud", "+44909666"],
    ["+881612345678", "high-risk-toll-fraud", "+881"],
    ["911", "low-risk", undefined],
  ];
  for (const [number, risk, prefix] of rows) assert.deepEqual(index.riskOf(number), { risk, prefix }, number);
});

test("what is forbidden to all; without lists nothing is, and every number is of low risk", () => {
  const { forbidden } = new DestinationIndex(lists);
  assert.equal(forbidden.blocking("+449012345678"), "+4490");
  assert.equal(forbidden.blocking("+442079460000"), undefined);
  assert.equal(forbidden.notOriginating("+15550100"), "+15550100");
  assert.equal(forbidden.notOriginating("+449012345678"), undefined);
  const empty = new DestinationIndex(undefined);
  assert.equal(empty.forbidden.blocking("+449012345678"), undefined);
  assert.equal(empty.riskOf("+881612345678").risk, "low-risk");
});

const permissions: DialingPermissions = { default: "protected", countries: { GB: 7 } };
const parent: SnapshotAccount = {
  sid: "AC1",
  status: "active",
  compatibility: "tandem",
  dialingPermissions: permissions,
  blockedPrefixes: ["+44"],
};
const child: SnapshotAccount = {
  sid: "AC2",
  status: "active",
  compatibility: "tandem",
  inheritsFrom: "AC1",
  blockedPrefixes: ["+33"],
};

test("an account that inherits has its parent's permissions, and both lists", () => {
  const table = RoutingTable.from(exampleSnapshot({ accounts: [parent, child] }));
  const found = table.destinationsOf(child);
  assert.equal(found.permissions, permissions);
  assert.deepEqual(
    ["+33123456789", "+442079460000", "+15550100"].map((number) =>
      found.prefixes.map((prefixes) => prefixes.blocking(number)),
    ),
    [
      ["+33", undefined],
      [undefined, "+44"],
      [undefined, undefined],
    ],
  );
});

test("an account of its own has none of its parent's; one of an older snapshot has no permissions", () => {
  const own: SnapshotAccount = {
    ...parent,
    sid: "AC2",
    dialingPermissions: { default: "open", countries: {} },
  };
  const table = RoutingTable.from(exampleSnapshot({ accounts: [parent] }));
  assert.equal(table.destinationsOf(own).permissions?.default, "open");
  assert.equal(table.destinationsOf(own).prefixes.length, 1);
  const old: SnapshotAccount = { sid: "AC3", status: "active", compatibility: "tandem" };
  assert.equal(table.destinationsOf(old).permissions, undefined);
  // Whose parent is not in the snapshot has none either.
  assert.equal(table.destinationsOf({ ...old, inheritsFrom: "AC9" }).permissions, undefined);
});

test("a change of an account or of the operator's lists is seen by the table after it, and not by the one before", () => {
  const snapshot = exampleSnapshot({ accounts: [parent], destinations: lists });
  const before = RoutingTable.from(snapshot);
  const counts = {
    accounts: 1,
    trunks: 0,
    ipAccessControlLists: 0,
    credentialLists: 0,
    numbers: 0,
    carriers: 0,
    connections: 0,
  };
  const change = { formatVersion: 2, fromVersion: 7, toVersion: 8, removed: {}, counts };
  const changedAccount: SnapshotAccount = { ...parent, blockedPrefixes: ["+49"] };
  const after = before.changed({ ...change, settings: {}, put: { accounts: [changedAccount] } });
  assert.equal(after.destinations, before.destinations);
  const blocks = (table: RoutingTable) =>
    table.destinationsOf(table.accountBySid("AC1") ?? assert.fail()).prefixes[0]?.blocking("+4930123456");
  assert.deepEqual([blocks(before), blocks(after)], [undefined, "+49"]);
  const opened = before.changed({
    ...change,
    settings: { destinations: { ...lists, blockedPrefixes: [] } },
    put: {},
  });
  assert.equal(before.destinations.forbidden.blocking("+449012345678"), "+4490");
  assert.equal(opened.destinations.forbidden.blocking("+449012345678"), undefined);
});
