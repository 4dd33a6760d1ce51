import assert from "node:assert/strict";
import { test } from "node:test";
import {
  changedSnapshot,
  type InterfaceConfiguration,
  type Snapshot,
  type SnapshotChange,
  snapshotListNames,
} from "@tandem/contracts";
import { RoutingTable } from "@tandem/routing";
import { interfaces } from "../testing/call-of.ts";
import {
  exampleCarrier,
  exampleGateway,
  exampleSnapshot,
  exampleTrunk,
  exampleUrl,
} from "../testing/example-snapshot.ts";
import { gatewayPlace } from "../testing/gateway-place.ts";
import { maximumProbedTargets, ProbedTargets } from "./probed-targets.ts";

function targets(changes: Partial<Snapshot>, on: readonly InterfaceConfiguration[] = interfaces): string[] {
  const table = RoutingTable.from(exampleSnapshot(changes));
  const probed = new ProbedTargets(gatewayPlace({ interfaces: on }));
  probed.apply(table, undefined);
  return probed.all.map(
    ({ sid, uri, fixedPath }) =>
      `${sid} ${uri} by ${fixedPath?.connection ?? fixedPath?.interfaceName ?? "what DNS says"}`,
  );
}

const gateways = (...list: ReturnType<typeof exampleGateway>[]): Partial<Snapshot> => ({
  carriers: [exampleCarrier({ gateways: list })],
  trunks: [],
});
const urls = (...originationUrls: ReturnType<typeof exampleUrl>[]): Partial<Snapshot> => ({
  carriers: [],
  trunks: [exampleTrunk({ originationUrls })],
});

test("carrier gateways by the carriers' interface, origination URLs by the customers', without their user", () => {
  const all = {
    ...gateways(exampleGateway()),
    trunks: [
      exampleTrunk({ originationUrls: [exampleUrl({ sipUrl: "sip:annie@192.0.2.20;transport=tcp" })] }),
    ],
  };
  assert.deepEqual(targets(all), [
    "CG1 sip:203.0.113.7:5060 by carriers",
    "OU1 sip:192.0.2.20;transport=tcp by customers",
  ]);
});

const left: readonly (readonly [what: string, changes: Partial<Snapshot>])[] = [
  ["a carrier that is switched off", { carriers: [exampleCarrier({ enabled: false })], trunks: [] }],
  ["a gateway that is switched off", gateways(exampleGateway({ enabled: false }))],
  ["a gateway of another edge", gateways(exampleGateway({ edge: "san-jose-ix" }))],
  ["a gateway whose URL can't be read", gateways(exampleGateway({ sipUrl: "sip:" }))],
  [
    "a gateway that no interface serves",
    gateways(exampleGateway({ sipUrl: "sip:203.0.113.7;transport=tls" })),
  ],
  ["a URL that is switched off", urls(exampleUrl({ enabled: false }))],
  ["a URL of another edge", urls(exampleUrl({ sipUrl: "sip:192.0.2.20;edge=us2-ix" }))],
  ["a URL that can't be read", urls(exampleUrl({ sipUrl: "tel:+1555" }))],
];

for (const [what, changes] of left) {
  test(`not probed: ${what}`, () => assert.deepEqual(targets(changes), []));
}

test("probed: what names this edge, by name or legacy id, or one that nobody knows", () => {
  assert.equal(targets(gateways(exampleGateway({ edge: "ashburn-ix" }))).length, 1);
  for (const edge of ["ashburn-ix", "us1-ix", "nowhere"]) {
    assert.equal(targets(urls(exampleUrl({ sipUrl: `sip:192.0.2.20;edge=${edge}` }))).length, 1);
  }
});

test("a probe leaves by the interface that the calls leave by", () => {
  const one = (name: string, role: "private" | "public"): InterfaceConfiguration => ({
    name,
    roles: [role],
    localAddress: "198.51.100.1",
    udpPort: 5060,
  });
  const on = [one("line", "private"), one("internet", "public")];
  assert.deepEqual(targets(urls(exampleUrl()), on), ["OU1 sip:192.0.2.20:5080 by internet"]);
  const lined = urls(exampleUrl({ sipUrl: "sip:192.0.2.20;edge=ashburn-ix" }));
  assert.deepEqual(targets(lined, on), ["OU1 sip:192.0.2.20 by line"]);
  assert.deepEqual(targets(lined, on.slice(1)), []);
});

test("5000 targets are probed, no more", () => {
  const many = (count: number): ReturnType<typeof exampleUrl>[] =>
    Array.from({ length: count }, (_, index) => exampleUrl({ sid: `OU${index}` }));
  assert.equal(maximumProbedTargets, 5000);
  assert.equal(targets(urls(...many(5000))).length, 5000);
  assert.equal(targets(urls(...many(5001))).length, 5000);
});

type Change = Partial<Pick<SnapshotChange, "settings" | "put" | "removed">>;

function script(changes: Partial<Snapshot>) {
  const probed = new ProbedTargets(gatewayPlace({ interfaces }));
  let table = RoutingTable.from(exampleSnapshot(changes));
  probed.apply(table, undefined);
  const apply = (parts: Change) => {
    const { version, formatVersion } = table.snapshot;
    const bare = {
      formatVersion,
      fromVersion: version,
      toVersion: version + 1,
      settings: {},
      put: {},
      removed: {},
    };
    const document = changedSnapshot(table.document(), {
      ...bare,
      ...parts,
      counts: {} as SnapshotChange["counts"],
    });
    const counts = Object.fromEntries(snapshotListNames.map((list) => [list, document[list].length]));
    const change = { ...bare, ...parts, counts } as SnapshotChange;
    table = table.changed(change);
    const told = probed.apply(table, change);
    const whole = new ProbedTargets(gatewayPlace({ interfaces }));
    whole.apply(table, undefined);
    const plain = ({ all }: ProbedTargets) => all.map(({ sid, uri }) => `${sid} ${uri}`).sort();
    assert.deepEqual(plain(probed), plain(whole), "as if it were told of the whole");
    if (told === "all") return told;
    return { gone: told.gone.map(({ uri }) => uri), come: told.come.map(({ uri }) => uri) };
  };
  return { probed, apply };
}

const trunkWith = (sid: string, ...hosts: string[]) =>
  exampleTrunk({
    sid,
    domainLabel: sid.toLowerCase(),
    originationUrls: hosts.map((host, index) =>
      exampleUrl({ sid: `OU-${sid}-${index}`, sipUrl: `sip:${host}` }),
    ),
  });

test("a change of trunks touches their targets alone; others are the same as before", () => {
  const { probed, apply } = script({
    trunks: [trunkWith("TK1", "192.0.2.1"), trunkWith("TK2", "192.0.2.2")],
  });
  const untouched = probed.all.find(({ uri }) => uri === "sip:192.0.2.2");
  assert.deepEqual(apply({ put: { trunks: [trunkWith("TK1", "192.0.2.7", "192.0.2.8")] } }), {
    gone: ["sip:192.0.2.1"],
    come: ["sip:192.0.2.7", "sip:192.0.2.8"],
  });
  assert.ok(untouched !== undefined && probed.all.includes(untouched));
  assert.deepEqual(apply({ removed: { trunks: ["TK1"] } }), {
    gone: ["sip:192.0.2.7", "sip:192.0.2.8"],
    come: [],
  });
  assert.deepEqual(apply({ put: { accounts: [] } }), { gone: [], come: [] });
});

test("what every way depends on touches all targets", () => {
  const { apply } = script({});
  assert.equal(apply({ settings: { realm: "other" } }), "all");
  assert.equal(apply({ put: { carriers: [exampleCarrier({ gateways: [] })] } }), "all");
  assert.equal(apply({ removed: { carriers: ["CX1"] } }), "all");
  assert.equal(apply({ put: { connections: [] } }), "all");
});

test("a place that a trunk leaves is for the next that changes", () => {
  const hosts = Array.from({ length: maximumProbedTargets }, (_, index) => `host-${index}.example`);
  const full = new ProbedTargets(gatewayPlace({ interfaces }));
  const table = RoutingTable.from(
    exampleSnapshot({ carriers: [], trunks: [trunkWith("TK1", ...hosts), trunkWith("TK2")] }),
  );
  full.apply(table, undefined);
  const { version: fromVersion, formatVersion } = table.snapshot;
  const counts = Object.fromEntries(snapshotListNames.map((list) => [list, table.document()[list].length]));
  const change = {
    formatVersion,
    fromVersion,
    toVersion: fromVersion + 1,
    settings: {},
    put: {
      trunks: [trunkWith("TK1", ...hosts.slice(2)), trunkWith("TK2", "a.example", "b.example", "c.example")],
    },
    removed: {},
    counts,
  } as SnapshotChange;
  const told = full.apply(table.changed(change), change);
  assert.equal(full.all.length, maximumProbedTargets);
  assert.ok(told !== "all" && told.come.some(({ uri }) => uri === "sip:b.example"));
});
