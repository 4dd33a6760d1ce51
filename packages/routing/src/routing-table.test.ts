import assert from "node:assert/strict";
import { test } from "node:test";
import { type SnapshotCounts, snapshotListNames } from "@tandem/contracts";
import {
  connectionSid,
  exampleCarrier,
  exampleSnapshot,
  exampleTrunk,
  exampleUrl,
} from "./example-snapshot.ts";
import { RoutingTable } from "./routing-table.ts";

const table = RoutingTable.from(
  exampleSnapshot({
    trunks: [
      exampleTrunk({
        sid: "TK1",
        ipAccessControlListSids: ["AL1", "AL2", "AL-missing"],
        credentialListSids: ["CL1", "CL2", "CL-missing"],
      }),
      exampleTrunk({ sid: "TK2", domainLabel: "Branch.Example" }),
      exampleTrunk({ sid: "TK3", domainLabel: null }),
    ],
    ipAccessControlLists: [
      { sid: "AL1", networks: ["192.0.2.0/24"], connectionSid: null },
      { sid: "AL2", networks: ["198.51.100.7/32", "2001:db8::/64"], connectionSid: null },
      { sid: "AL3", networks: ["203.0.113.0/24"], connectionSid: null },
    ],
    credentialLists: [
      { sid: "CL1", algorithm: "MD5", credentials: [{ username: "pbx", ha1: "aa" }] },
      {
        sid: "CL2",
        algorithm: "SHA-256",
        credentials: [
          { username: "pbx", ha1: "bb" },
          { username: "other", ha1: "cc" },
        ],
      },
      { sid: "CL3", algorithm: "MD5", credentials: [{ username: "stranger", ha1: "dd" }] },
    ],
    numbers: [{ sid: "PN1", accountSid: "AC1", trunkSid: "TK1", phoneNumber: "+15551230000" }],
    carriers: [
      exampleCarrier("CX1", { sourceNetworks: ["10.1.0.0/16"] }),
      exampleCarrier("CX2", { sourceNetworks: ["10.1.2.0/24", "10.2.0.0/16"] }),
      exampleCarrier("CX3", { sourceNetworks: ["10.3.0.0/16"], enabled: false }),
    ],
  }),
);

const hosts: [host: string, sid: string | undefined, form?: string, edge?: string][] = [
  ["example.pstn.tandem.test", "TK1", "generic"],
  ["EXAMPLE.pstn.Tandem.TEST", "TK1", "generic"],
  ["example.pstn.ashburn-ix.tandem.test", "TK1", "edge", "ashburn-ix"],
  ["example.pstn.us1-ix.tandem.test", "TK1", "legacy", "ashburn-ix"],
  ["example.pstn.us2-ix.tandem.test", "TK1", "legacy", "san-jose-ix"],
  ["example.pstn.ashburn.tandem.test", "TK1", "edge", "ashburn"],
  ["example.pstn.us1.tandem.test", "TK1", "legacy", "ashburn"],
  ["branch.example.pstn.US1.tandem.test", "TK2", "legacy", "ashburn"],
  ["example.pstn.roaming.tandem.test", "TK1", "roaming"],
  ["example.pstn.gll-ix.tandem.test", "TK1", "roaming"],
  ["example.pstn.GLL.tandem.test", "TK1", "roaming"],
  ["example.pstn.atlantis-ix.tandem.test", undefined],
  ["unknown.pstn.tandem.test", undefined],
  ["null.pstn.tandem.test", undefined],
  ["example.tandem.test", undefined],
  ["example.pstn.twilio.com", undefined],
  ["192.0.2.1", undefined],
];

test("every form of a termination name finds its trunk and says which edge it names", () => {
  for (const [host, sid, form, edge] of hosts) {
    const found = table.trunkByHost(host);
    assert.deepEqual([found?.trunk.sid, found?.form, found?.namedEdge?.name], [sid, form, edge], host);
  }
});

test("an edge's name wins over another edge's legacy id", () => {
  const edges = [
    { name: "one", legacyId: "old-one", region: "r", kind: "public" as const },
    { name: "two", legacyId: "one", region: "r", kind: "public" as const },
  ];
  const clash = RoutingTable.from(exampleSnapshot({ edges, trunks: [exampleTrunk()] }));
  assert.equal(clash.edgeByName("ONE")?.name, "one");
  assert.equal(clash.trunkByHost("example.pstn.one.tandem.test")?.form, "edge");
});

test("an edge that is named like roaming wins over it", () => {
  const edges = [{ name: "roaming", legacyId: "x", region: "r", kind: "public" as const }];
  const clash = RoutingTable.from(exampleSnapshot({ edges, trunks: [exampleTrunk()] }));
  const found = clash.trunkByHost("example.pstn.roaming.tandem.test");
  assert.deepEqual([found?.form, found?.namedEdge?.name], ["edge", "roaming"]);
});

test("edges are found whatever the case of their names", () => {
  const edges = [{ name: "Ashburn-IX", legacyId: "US1-IX", region: "us1", kind: "private" as const }];
  const mixed = RoutingTable.from(exampleSnapshot({ edges, trunks: [exampleTrunk()] }));
  assert.equal(mixed.trunkByHost("example.pstn.ashburn-ix.tandem.test")?.form, "edge");
  assert.equal(mixed.trunkByHost("example.pstn.us1-ix.tandem.test")?.form, "legacy");
  assert.equal(mixed.edgeByName("ashburn-IX")?.name, "Ashburn-IX");
});

test("our hosts are the base domain and everything below it", () => {
  for (const host of ["tandem.test", "x.pstn.tandem.test", "TANDEM.TEST."])
    assert.ok(table.isOurHost(host), host);
  for (const host of ["nottandem.test", "tandem.test.example", "192.0.2.1", ""]) {
    assert.ok(!table.isOurHost(host), host);
  }
});

test("a trunk allows what any of its lists holds", () => {
  const trunk = table.trunkBySid("TK1") ?? assert.fail();
  for (const address of ["192.0.2.200", "::ffff:192.0.2.200", "198.51.100.7", "2001:db8::5"]) {
    assert.ok(table.allows(trunk, address, undefined), address);
    assert.ok(table.allows(trunk, address, undefined), `${address} again`);
  }
  for (const address of ["192.0.3.0", "198.51.100.8", "2001:db8:0:1::5", "203.0.113.5", "nonsense"]) {
    assert.ok(!table.allows(trunk, address, undefined), address);
  }
  assert.ok(!table.allows(table.trunkBySid("TK2") ?? assert.fail(), "192.0.2.200", undefined));
});

test("credentials come from all lists of the trunk with their algorithms", () => {
  const trunk = table.trunkBySid("TK1") ?? assert.fail();
  assert.deepEqual(table.credentials(trunk, "pbx"), [
    { ha1: "aa", algorithm: "MD5" },
    { ha1: "bb", algorithm: "SHA-256" },
  ]);
  assert.deepEqual(table.credentials(trunk, "other"), [{ ha1: "cc", algorithm: "SHA-256" }]);
  assert.deepEqual(table.credentials(trunk, "PBX"), []);
  assert.deepEqual(table.credentials(trunk, "stranger"), []);
  assert.deepEqual(table.credentials(table.trunkBySid("TK2") ?? assert.fail(), "pbx"), []);
});

test("the algorithms that a trunk's credential lists use", () => {
  const trunk = table.trunkBySid("TK1") ?? assert.fail();
  assert.deepEqual([...table.algorithmsOf(trunk)], ["MD5", "SHA-256"]);
  assert.equal(table.algorithmsOf(table.trunkBySid("TK2") ?? assert.fail()).size, 0);
});

test("look-ups by SID and number", () => {
  assert.equal(table.trunkBySid("TK3")?.sid, "TK3");
  assert.equal(table.accountBySid("AC1")?.status, "active");
  assert.equal(table.carrierBySid("CX3")?.sid, "CX3");
  assert.equal(table.numberByE164("+15551230000")?.trunkSid, "TK1");
  assert.equal(table.numberByE164("15551230000"), undefined);
  assert.equal(table.trunkBySid("TK9"), undefined);
  assert.equal(table.snapshot.version, 7);
});

test("what may stand for an account: its numbers and its verified caller IDs, and nobody else's", () => {
  const account = { status: "active", compatibility: "tandem" } as const;
  const number = { sid: "PN1", trunkSid: null, accountSid: "AC2", phoneNumber: "+15551230001" };
  const before = exampleSnapshot({
    accounts: [
      { ...account, sid: "AC1", verifiedCallerIds: ["+442079460000", "+442079460001"] },
      { ...account, sid: "AC2", parentSid: "AC1" },
    ],
    numbers: [number],
  });
  const callerIds = (one: RoutingTable, sid: string) =>
    ["+442079460000", "+442079460001", "+15551230001", "442079460000"].map((e164) =>
      one.isCallerIdOf(sid, e164),
    );
  const table = RoutingTable.from(before);
  assert.deepEqual(callerIds(table, "AC1"), [true, true, false, false]);
  assert.deepEqual(callerIds(table, "AC2"), [false, false, true, false]);
  assert.deepEqual(callerIds(table, "AC3"), [false, false, false, false]);
  const changed = table.changed({
    formatVersion: before.formatVersion,
    fromVersion: before.version,
    toVersion: before.version + 1,
    settings: {},
    put: { accounts: [{ ...account, sid: "AC1", verifiedCallerIds: ["+442079460001"] }] },
    removed: {},
    counts: Object.fromEntries(
      snapshotListNames.map((list) => [list, before[list].length]),
    ) as SnapshotCounts,
  });
  assert.deepEqual(callerIds(changed, "AC1"), [false, true, false, false]);
  assert.deepEqual(callerIds(table, "AC1"), [true, true, false, false], "a call goes on by its own table");
});

test("carriers are found by source; networks may overlap; disabled carriers are strangers", () => {
  const sids = (address: string) => table.carrierBySource(address).map((carrier) => carrier.sid);
  assert.deepEqual(sids("10.1.9.9"), ["CX1"]);
  assert.deepEqual(sids("10.1.2.9"), ["CX1", "CX2"]);
  assert.deepEqual(sids("::ffff:10.2.0.1"), ["CX2"]);
  assert.deepEqual(sids("10.3.0.1"), []);
  assert.deepEqual(sids("192.0.2.1"), []);
  assert.deepEqual(sids("nonsense"), []);
});

const sources: [address: string, isKnown: boolean][] = [
  ["10.1.0.1", true],
  ["10.2.255.255", true],
  ["192.0.2.1", true],
  ["2001:db8::1", true],
  ["::ffff:198.51.100.7", true],
  ["10.3.0.1", false],
  ["10.4.0.1", false],
  ["198.51.100.6", false],
  ["203.0.113.1", false],
  ["", false],
];

test("known sources are enabled carriers and attached lists", () => {
  for (const [address, isKnown] of sources) assert.equal(table.isKnownSource(address), isKnown, address);
});

test("a SIP URL is parsed once", () => {
  const url = exampleUrl("OU1", { sipUrl: "sip:a.example" });
  assert.equal(table.uriOf(url), table.uriOf(url));
  const other = table.uriOf(exampleUrl("OU2", { sipUrl: "sip:b.example" }));
  assert.equal(other.ok && other.value.host, "b.example");
});

test("a list that is bound to a line counts only for requests that came over it", () => {
  const trunk = exampleTrunk({ ipAccessControlListSids: ["AL1", "AL2"] });
  const bound = RoutingTable.from(
    exampleSnapshot({
      trunks: [trunk],
      ipAccessControlLists: [
        { sid: "AL1", networks: ["192.0.2.0/25"], connectionSid: connectionSid(1) },
        { sid: "AL2", networks: ["192.0.2.128/25"], connectionSid: null },
      ],
    }),
  );
  const rows: readonly (readonly [address: string, over: string | undefined, isAllowed: boolean])[] = [
    ["192.0.2.1", connectionSid(1), true],
    ["192.0.2.1", connectionSid(2), false],
    ["192.0.2.1", undefined, false],
    ["192.0.2.129", connectionSid(1), true],
    ["192.0.2.129", connectionSid(2), true],
    ["192.0.2.129", undefined, true],
  ];
  for (const [address, over, isAllowed] of rows) {
    assert.equal(bound.allows(trunk, address, over), isAllowed, `${address} over ${over}`);
  }
});
