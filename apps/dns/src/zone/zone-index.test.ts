import assert from "node:assert/strict";
import { test } from "node:test";
import type { Snapshot } from "@tandem/contracts";
import { RoutingTable } from "@tandem/routing";
import fc from "fast-check";
import { exampleZone, nameServers } from "../testing/example-zone.ts";
import { ZoneIndex } from "./zone-index.ts";

const index = new ZoneIndex(exampleZone(), nameServers);
const kindOf = (name: string): string => index.find(name === "" ? [] : name.split(".")).kind;

const names: [name: string, kind: string][] = [
  ["tandem.test", "apex"],
  ["office.pstn.tandem.test", "trunk"],
  ["office.pstn.ashburn-ix.tandem.test", "trunk"],
  ["office.pstn.us1-ix.tandem.test", "trunk"],
  ["office.pstn.ashburn.tandem.test", "trunk"],
  ["office.pstn.us1.tandem.test", "trunk"],
  ["office.pstn.roaming.tandem.test", "trunk"],
  ["office.pstn.gll-ix.tandem.test", "trunk"],
  ["office.pstn.gll.tandem.test", "trunk"],
  ["branch.office.pstn.london-ix.tandem.test", "trunk"],
  ["a.b.deep.pstn.tandem.test", "trunk"],
  ["_sip._udp.office.pstn.tandem.test", "service"],
  ["_sip._tcp.branch.office.pstn.us2-ix.tandem.test", "service"],
  ["_sips._tcp.office.pstn.tandem.test", "service"],
  ["ashburn-ix-1.gw.ashburn-ix.tandem.test", "host"],
  ["ns1.tandem.test", "name-server"],
  // Nothing but names below them.
  ["pstn.tandem.test", "empty"],
  ["ashburn-ix.tandem.test", "empty"],
  ["us1-ix.tandem.test", "empty"],
  ["roaming.tandem.test", "empty"],
  ["pstn.ashburn-ix.tandem.test", "empty"],
  ["gw.ashburn-ix.tandem.test", "empty"],
  ["b.deep.pstn.tandem.test", "empty"],
  ["deep.pstn.us1.tandem.test", "empty"],
  ["_udp.office.pstn.tandem.test", "empty"],
  ["_tcp.office.pstn.ashburn-ix.tandem.test", "empty"],
  // Not there.
  ["nobody.pstn.tandem.test", "missing"],
  ["nobody.pstn.ashburn-ix.tandem.test", "missing"],
  ["x.office.pstn.tandem.test", "missing"],
  ["office.pstn.atlantis-ix.tandem.test", "missing"],
  ["atlantis-ix.tandem.test", "missing"],
  ["office.ashburn-ix.tandem.test", "missing"],
  ["office.tandem.test", "missing"],
  ["www.tandem.test", "missing"],
  ["_sip._udp.nobody.pstn.tandem.test", "missing"],
  ["_sip._udp.deep.pstn.tandem.test", "missing"],
  ["_sips._udp.office.pstn.tandem.test", "missing"],
  ["_sip._sctp.office.pstn.tandem.test", "missing"],
  ["_sctp.office.pstn.tandem.test", "missing"],
  ["_x._sip._udp.office.pstn.tandem.test", "missing"],
  ["_sip._udp.pstn.tandem.test", "missing"],
  ["_sip._udp.tandem.test", "missing"],
  ["ashburn-ix-1.gw.us1-ix.tandem.test", "missing"],
  ["ashburn-ix-1.gw.ashburn.tandem.test", "missing"],
  ["gw.us1-ix.tandem.test", "missing"],
  ["ashburn-ix-9.gw.ashburn-ix.tandem.test", "missing"],
  ["x.ns1.tandem.test", "missing"],
  // Elsewhere.
  ["ns2.example.net", "outside"],
  ["test", "outside"],
  ["", "outside"],
  ["office.pstn.tandem.example", "outside"],
  ["xtandem.test", "outside"],
];
for (const [name, kind] of names) {
  test(`${name || "the root"} is ${kind}`, () => assert.equal(kindOf(name), kind));
}

test("a label with a dot in it is not two labels", () => {
  assert.equal(index.find(["branch.office", "pstn", "tandem", "test"]).kind, "missing");
  assert.equal(index.find(["office", "pstn", "tandem.test"]).kind, "outside");
});

test("exactly the names that gateways take are trunks", () => {
  const zone = exampleZone();
  const trunks = zone.trunkLabels.map((domainLabel, number) => ({
    sid: `TK${number}`,
    domainLabel,
    ipAccessControlListSids: [],
    originationUrls: [],
  }));
  const table = RoutingTable.from({
    ...zone,
    trunks,
    accounts: [],
    connections: [],
    carriers: [],
    numbers: [],
    ipAccessControlLists: [],
    credentialLists: [],
  } as unknown as Snapshot);
  const label = fc.constantFrom(
    "office",
    "branch",
    "pstn",
    "gw",
    "deep",
    "b",
    "a",
    "us1",
    "ashburn-ix",
    "gll",
    "x",
  );
  fc.assert(
    fc.property(fc.array(label, { minLength: 1, maxLength: 6 }), (front) => {
      const name = [...front, "tandem", "test"].join(".");
      assert.equal(kindOf(name) === "trunk", table.trunkByHost(name) !== undefined, name);
    }),
    { numRuns: 3000 },
  );
});

test("names of the snapshot may be in any case; what is no host name gets into no name", () => {
  const zone = exampleZone({
    baseDomain: "Tandem.TEST",
    trunkLabels: ["Office", "a b", "x;y", ""],
    edges: [
      { name: "Ashburn-IX", legacyId: "US1-IX", region: "us1", kind: "private" },
      { name: "a b", legacyId: "c d", region: "us1", kind: "private" },
    ],
  });
  const mixed = new ZoneIndex(zone, nameServers);
  assert.equal(mixed.find("office.pstn.us1-ix.tandem.test".split(".")).kind, "trunk");
  assert.deepEqual([...mixed.trunks], ["office"]);
  assert.deepEqual([...mixed.places.keys()].sort(), ["ashburn-ix", "gll", "gll-ix", "roaming", "us1-ix"]);
});

test("a name server's name may have several labels; those on the way are empty", () => {
  const deep = new ZoneIndex(exampleZone(), [{ name: "a.dns.tandem.test", addresses: ["192.0.2.1"] }]);
  assert.equal(deep.find("a.dns.tandem.test".split(".")).kind, "name-server");
  assert.equal(deep.find("dns.tandem.test".split(".")).kind, "empty");
  assert.equal(deep.find("b.dns.tandem.test".split(".")).kind, "missing");
});

test("100,000 trunks are a set of labels: each is found, its neighbours are not", () => {
  const trunkLabels = Array.from({ length: 100_000 }, (_, number) => `customer-${number}`);
  const large = new ZoneIndex(exampleZone({ trunkLabels }), nameServers);
  const find = (label: string) => large.find([label, "pstn", "ashburn-ix", "tandem", "test"]).kind;
  assert.deepEqual(
    [find("customer-0"), find("customer-99999"), find("customer-100000")],
    ["trunk", "trunk", "missing"],
  );
  assert.equal(large.places.size, 13);
});
