import assert from "node:assert/strict";
import { test } from "node:test";
import {
  changedSnapshot,
  type Snapshot,
  type SnapshotChange,
  type SnapshotCounts,
  snapshotListNames,
} from "@tandem/contracts";
import {
  connectionSid,
  exampleCarrier,
  exampleConnection,
  exampleSnapshot,
  exampleTrunk,
  exampleUrl,
} from "./example-snapshot.ts";
import { RoutingTable } from "./routing-table.ts";
import { seededRandom } from "./seeded-random.ts";

function countsOf(snapshot: Snapshot): SnapshotCounts {
  return Object.fromEntries(snapshotListNames.map((list) => [list, snapshot[list].length])) as SnapshotCounts;
}

type Parts = Partial<Pick<SnapshotChange, "settings" | "put" | "removed">>;

function changeOf(before: Snapshot, parts: Parts): SnapshotChange {
  const change: SnapshotChange = {
    formatVersion: before.formatVersion,
    fromVersion: before.version,
    toVersion: before.version + 1,
    settings: {},
    put: {},
    removed: {},
    counts: countsOf(before),
    ...parts,
  };
  return { ...change, counts: countsOf(changedSnapshot(before, change)) };
}

const addresses = [1, 2, 3, 4, 5].flatMap((host) => [
  `10.0.${host}.1`,
  `10.0.${host}.200`,
  `172.16.${host}.9`,
]);
const numbers = Array.from({ length: 12 }, (_, index) => `+1555000${index}`);
const labels = ["a", "b", "c", "d"];

/** Everything that can be asked, of objects that are there and that are not. */
function answersOf(table: RoutingTable): unknown {
  const trunks = [0, 1, 2, 3, 4, 5].map((index) => table.trunkBySid(`TK${index}`));
  return {
    version: table.snapshot.version,
    realm: table.snapshot.realm,
    hosts: labels.flatMap((label) =>
      ["", ".one", ".1", ".two"].map((edge) => table.trunkByHost(`${label}.pstn${edge}.tandem.test`)),
    ),
    numbers: numbers.map((number) => table.numberByE164(number)),
    sources: addresses.map((address) => [table.isKnownSource(address), table.carrierBySource(address)]),
    routes: ["+1555", "+4420", "911"].map((called) => table.routesTo(called)),
    lines: addresses.map((address) => table.linesTo("one", address)),
    connections: [1, 2, 3].map((digit) => table.connectionBySid(connectionSid(digit))),
    ofEdge: table.connectionsOf("one"),
    trunks: trunks.map((trunk) =>
      trunk === undefined
        ? undefined
        : {
            trunk,
            uris: trunk.originationUrls.map((url) => table.uriOf(url)),
            allows: addresses.map((address) => table.allows(trunk, address, connectionSid(1))),
            credentials: ["x", "y"].map((name) => table.credentials(trunk, name)),
            algorithms: [...table.algorithmsOf(trunk)],
          },
    ),
    accounts: [0, 1, 2].map((index) => table.accountBySid(`AC${index}`)),
    carriers: [...table.objects("carriers")],
  };
}

test("changes one after the other give the answers of the whole, and earlier tables keep theirs", () => {
  for (let seed = 0; seed < 25; seed += 1) {
    const random = seededRandom(seed);
    const below = (limit: number): number => Math.floor(random() * limit);
    const some = <T>(make: (index: number) => T, count: number): T[] =>
      Array.from({ length: below(3) }, () => make(below(count)));
    const list = (prefix: string) => (below(2) === 0 ? [] : [`${prefix}${below(3)}`, `${prefix}${below(3)}`]);
    const parts = (): Parts => ({
      settings: random() < 0.2 ? settings(random()) : {},
      put: {
        accounts: some((index) => account(index, random()), 3),
        trunks: unique(
          some((index) => trunk(index, below(5), list("AL"), list("CL"), random()), 6),
          ({ domainLabel }) => domainLabel,
        ),
        ipAccessControlLists: some((index) => accessList(index, random()), 3),
        credentialLists: some((index) => credentialList(index, random()), 3),
        numbers: some((index) => number(index, below(6)), numbers.length),
        ...(random() < 0.3 ? { carriers: some((index) => carrier(index, random()), 3) } : {}),
        ...(random() < 0.3 ? { connections: some((index) => line(index + 1, random()), 3) } : {}),
      },
      removed: {
        trunks: some((index) => `TK${index}`, 6),
        numbers: some((index) => numbers[index] ?? "", numbers.length),
        ipAccessControlLists: some((index) => `AL${index}`, 3),
        ...(random() < 0.2 ? { carriers: some((index) => `CX${index}`, 3) } : {}),
        ...(random() < 0.2 ? { connections: some((index) => connectionSid(index + 1), 3) } : {}),
      },
    });
    let whole = exampleSnapshot({ edges: settings(0).edges });
    let table = RoutingTable.from(whole);
    const earlier: [table: RoutingTable, answers: unknown][] = [];
    for (let round = 0; round < 25; round += 1) {
      const change = changeOf(whole, withoutStolenLabels(whole, parts()));
      whole = changedSnapshot(whole, change);
      table = table.changed(change);
      const answers = answersOf(table);
      assert.deepEqual(answers, answersOf(RoutingTable.from(whole)), `seed ${seed}, round ${round}`);
      assert.deepEqual(RoutingTable.from(table.document()).snapshot, table.snapshot);
      earlier.push([table, structuredClone(answers)]);
    }
    for (const [one, answers] of earlier) assert.deepEqual(answersOf(one), answers, `seed ${seed}`);
  }
});

/** Control never lets two trunks have one label: whoever had it is removed, unless it is put with another. */
function withoutStolenLabels(whole: Snapshot, parts: Parts): Parts {
  const put = parts.put?.trunks ?? [];
  const sids = new Set(put.map(({ sid }) => sid));
  const taken = new Set(put.map(({ domainLabel }) => domainLabel));
  const robbed = whole.trunks.filter(({ sid, domainLabel }) => !sids.has(sid) && taken.has(domainLabel));
  const trunks = [...(parts.removed?.trunks ?? []), ...robbed.map(({ sid }) => sid)];
  return { ...parts, removed: { ...parts.removed, trunks } };
}

function unique<T>(items: readonly T[], keyOf: (item: T) => unknown): T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

function settings(random: number) {
  const edges = [
    { name: "one", legacyId: "1", region: "r", kind: "private" as const },
    { name: "two", legacyId: random < 0.5 ? "2" : "1", region: "r", kind: "public" as const },
  ];
  return random < 0.5 ? { edges } : { edges, realm: `realm ${random}` };
}

function account(index: number, random: number) {
  const status = random < 0.5 ? ("active" as const) : ("suspended" as const);
  return { sid: `AC${index}`, status, compatibility: "tandem" as const };
}

function trunk(index: number, label: number, lists: string[], credentialLists: string[], random: number) {
  return exampleTrunk({
    sid: `TK${index}`,
    domainLabel: labels[label] ?? `${index}`,
    ipAccessControlListSids: lists,
    credentialListSids: credentialLists,
    originationUrls: [exampleUrl(`OU${index}`, { sipUrl: `sip:host-${Math.floor(random * 3)}` })],
  });
}

function accessList(index: number, random: number) {
  const networks = [`10.0.${Math.floor(random * 6)}.0/${random < 0.5 ? 24 : 25}`, "172.16.1.9/32"];
  return { sid: `AL${index}`, networks, connectionSid: random < 0.3 ? connectionSid(1) : null };
}

function credentialList(index: number, random: number) {
  const algorithm = random < 0.5 ? ("MD5" as const) : ("SHA-256" as const);
  return {
    sid: `CL${index}`,
    algorithm,
    credentials: [{ username: random < 0.5 ? "x" : "y", ha1: `${random}` }],
  };
}

function number(index: number, trunkIndex: number) {
  const phoneNumber = numbers[index] ?? "";
  return { sid: `PN${index}`, accountSid: "AC1", trunkSid: `TK${trunkIndex}`, phoneNumber };
}

function carrier(index: number, random: number) {
  const prefix = random < 0.3 ? "+1" : "+";
  return exampleCarrier(`CX${index}`, {
    enabled: random < 0.8,
    sourceNetworks: [`172.16.${Math.floor(random * 6)}.0/24`],
    routes: [{ prefix, priority: 10, weight: 1 }],
  });
}

function line(digit: number, random: number) {
  const status = random < 0.7 ? ("active" as const) : ("in-transition" as const);
  return exampleConnection(digit, { edge: "one", status, routes: [`10.0.${Math.floor(random * 6)}.0/24`] });
}

const base = RoutingTable.from(exampleSnapshot({ version: 7, trunks: [exampleTrunk()] }));
const put = { trunks: [exampleTrunk({ sid: "TK2", domainLabel: "other" })] };

test("a change of another version, of another format or with other counts is refused, and changes nothing", () => {
  const fitting = changeOf(base.document(), { put });
  const refused: [change: SnapshotChange, why: RegExp][] = [
    [{ ...fitting, fromVersion: 6 }, /the change is of version 6, not of 7/],
    [{ ...fitting, fromVersion: 8 }, /the change is of version 8, not of 7/],
    [{ ...fitting, formatVersion: 3 }, /the change has format 3, not 2/],
    [{ ...fitting, counts: { ...fitting.counts, trunks: 3 } }, /version 8 has 3 trunks, not 2/],
    [{ ...fitting, counts: { ...fitting.counts, numbers: 1 } }, /version 8 has 1 numbers, not 0/],
  ];
  for (const [change, why] of refused) assert.throws(() => base.changed(change), why);
  assert.equal(base.trunkBySid("TK2"), undefined);
  assert.equal(base.changed(fitting).trunkBySid("TK2")?.sid, "TK2");
});

test("two trunks may change their labels with each other in one change", () => {
  const two = base.changed(changeOf(base.document(), { put }));
  const change = changeOf(two.document(), {
    put: {
      trunks: [exampleTrunk({ domainLabel: "other" }), exampleTrunk({ sid: "TK2", domainLabel: "example" })],
    },
  });
  const changed = two.changed(change);
  assert.equal(changed.trunkByHost("other.pstn.tandem.test")?.trunk.sid, "TK1");
  assert.equal(changed.trunkByHost("example.pstn.tandem.test")?.trunk.sid, "TK2");
});
