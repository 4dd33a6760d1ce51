import assert from "node:assert/strict";
import { test } from "node:test";
import type { InterfaceConfiguration, Snapshot } from "@tandem/contracts";
import { originationTarget, parseCandidateUri, RoutingTable } from "@tandem/routing";
import {
  connectionSid,
  exampleConnection,
  exampleSnapshot,
  exampleTrunk,
  exampleUrl,
} from "../testing/example-snapshot.ts";
import { type GatewayPlaceDouble, type GatewayPlaceOptions, gatewayPlace } from "../testing/gateway-place.ts";
import { type ChosenWay, chooseWay, possibleWays, type WaySubject } from "./egress-ways.ts";

function one(
  name: string,
  ports: Partial<InterfaceConfiguration> = { udpPort: 5060 },
): InterfaceConfiguration {
  const [role = "public"] = name.split("-") as InterfaceConfiguration["roles"];
  return { name, roles: [role], localAddress: "198.51.100.1", ...ports };
}

const named = (...names: readonly string[]): readonly InterfaceConfiguration[] =>
  names.map((name) => one(name));

function tableWith(...connections: Snapshot["connections"]): RoutingTable {
  return RoutingTable.from(exampleSnapshot({ connections }));
}

function subject(table: RoutingTable, sipUrl: string): WaySubject {
  const target = originationTarget(table, exampleTrunk(), exampleUrl({ sid: sipUrl, sipUrl }), "ashburn-ix");
  assert.ok(!("reason" in target), JSON.stringify(target));
  return target;
}

function carrier(sipUrl: string): WaySubject {
  const uri = parseCandidateUri(sipUrl);
  assert.ok(uri.ok);
  return { kind: "carrier", uri: uri.value, edge: "ashburn-ix", network: { kind: "carrier" } };
}

function told(chosen: ChosenWay | undefined): string {
  if (chosen === undefined) return "after DNS";
  if (chosen.kind === "way") return chosen.way.connection?.friendlyName ?? chosen.way.interface.name;
  return chosen.kind === "none" ? `${chosen.reason.code} ${chosen.text}` : `unusable: ${chosen.text}`;
}

const noPrivate = "90214 this gateway has no private interface";

const withoutLines: readonly (readonly [rule: string, interfaces: string[], url: string, way: string])[] = [
  ["over the internet", ["private", "carrier", "public"], "sip:pbx.example", "public"],
  ["the first public one", ["public-1", "public-2"], "sip:pbx.example", "public-1"],
  ["the private one where there is nothing else", ["carrier", "private"], "sip:pbx.example", "private"],
  ["a private edge by the private one", ["public", "private"], "sip:pbx.example;edge=ashburn-ix", "private"],
  ["by its legacy id too", ["public", "private"], "sip:pbx.example;edge=US1-IX", "private"],
  ["a private edge never over the internet", ["public", "carrier"], "sip:x;edge=ashburn-ix", noPrivate],
  ["a public edge over the internet", ["private", "public"], "sip:pbx.example;edge=ashburn", "public"],
  ["an edge that nobody knows is none", ["private", "public"], "sip:pbx.example;edge=nowhere", "public"],
  [
    "never by the carriers' interface",
    ["carrier", "backbone"],
    "sip:pbx.example",
    "90214 this gateway has no public or private interface",
  ],
];

for (const [rule, names, url, way] of withoutLines) {
  test(`an edge where no line was ever made: ${rule}`, () => {
    const table = tableWith();
    assert.equal(
      told(chooseWay(subject(table, url), table, gatewayPlace({ interfaces: named(...names) }))),
      way,
    );
  });
}

test("a carrier is reached by the carriers' interface only", () => {
  const table = tableWith(exampleConnection(1));
  const all = gatewayPlace({ interfaces: named("public", "private", "carrier-1", "carrier-2") });
  assert.equal(told(chooseWay(carrier("sip:carrier.example"), table, all)), "carrier-1");
  const none = gatewayPlace({ interfaces: named("public", "private") });
  assert.match(
    told(chooseWay(carrier("sip:carrier.example"), table, none)),
    /^90214 .* no carrier interface$/,
  );
});

for (const [parameter, chosen] of [
  ["", "carrier-udp"],
  [";transport=udp", "carrier-udp"],
  [";transport=tcp", "carrier-tcp"],
  [";transport=tls", "carrier-tls"],
] as const) {
  test(`the interface serves the transport: ${parameter === "" ? "none named" : parameter}`, () => {
    const all = [
      one("carrier-udp"),
      one("carrier-tcp", { tcpPort: 5060 }),
      one("carrier-tls", { tlsPort: 5061 }),
    ];
    const to = carrier(`sip:carrier.example${parameter}`);
    assert.equal(told(chooseWay(to, tableWith(), gatewayPlace({ interfaces: all }))), chosen);
    const others = gatewayPlace({ interfaces: all.filter(({ name }) => name !== chosen) });
    if (parameter !== "")
      assert.match(told(chooseWay(to, tableWith(), others)), /that serves (UDP|TCP|TLS)$/);
  });
}

const lines = [
  exampleConnection(1, { routes: ["172.56.0.0/16"] }),
  exampleConnection(2),
  exampleConnection(3),
  exampleConnection(4, { accountSid: "AC9", routes: ["172.56.42.0/28"] }),
  exampleConnection(5, { edge: "san-jose-ix", routes: ["172.56.42.132/32"] }),
  exampleConnection(6, { accountSid: "AC9", sharedAccountSids: ["AC1"], routes: ["10.9.0.0/24"] }),
  exampleConnection(7, { status: "inactive", routes: ["10.7.0.0/24"] }),
];

function byLine(
  url: string,
  options: GatewayPlaceOptions = {},
  arrange?: (place: GatewayPlaceDouble) => void,
  address?: string,
): string {
  const table = tableWith(...lines);
  const place = gatewayPlace({ interfaces: named("public", "private"), attribution: "kernel", ...options });
  arrange?.(place);
  return told(chooseWay(subject(table, url), table, place, address));
}

const down = { text: "down", mayBeTried: true };
const noLine = (target: string): string =>
  `90241 AC1 has no active line at ashburn-ix that leads to ${target}`;

const chosenLines: readonly (readonly [
  rule: string,
  url: string,
  arrange: ((place: GatewayPlaceDouble) => void) | undefined,
  way: string,
])[] = [
  [
    "the longest prefix, of equal ones the lowest SID",
    "sip:172.56.42.132;edge=ashburn-ix",
    undefined,
    "line 2",
  ],
  [
    "up before down",
    "sip:172.56.42.132;edge=ashburn-ix",
    ({ lines: { objections } }) => objections.set(connectionSid(2), down),
    "line 3",
  ],
  [
    "all of them down: the lowest SID, never one with a shorter prefix",
    "sip:172.56.42.132;edge=ashburn-ix",
    ({ lines: { objections } }) => objections.set(connectionSid(2), down).set(connectionSid(3), down),
    "line 2",
  ],
  [
    "one without sockets is no better than a dead one",
    "sip:172.56.42.132;edge=ashburn-ix",
    ({ lines: { missing } }) => missing.add(connectionSid(2)),
    "line 3",
  ],
  ["a shorter prefix where there is no longer one", "sip:172.56.43.1;edge=ashburn-ix", undefined, "line 1"],
  [
    "another account's line never, even with a longer prefix",
    "sip:172.56.42.1;edge=ashburn-ix",
    undefined,
    "line 2",
  ],
  ["a line that is shared", "sip:10.9.0.1;edge=ashburn-ix", undefined, "line 6"],
  ["no line leads there", "sip:10.1.2.3;edge=ashburn-ix", undefined, noLine("10.1.2.3")],
  ["a line that is not active leads nowhere", "sip:10.7.0.1;edge=ashburn-ix", undefined, noLine("10.7.0.1")],
  ["a name has to be located first", "sip:pbx.example;edge=ashburn-ix", undefined, "after DNS"],
  [
    "an IPv6 address is behind no line",
    "sip:[2001:db8::1];edge=ashburn-ix",
    undefined,
    noLine("2001:db8::1"),
  ],
  [
    "the line that is named, whatever other lines say",
    `sip:172.56.42.132;tnx=${connectionSid(3)}`,
    undefined,
    "line 3",
  ],
  [
    "a line that is named, down or not",
    `sip:172.56.42.132;tnx=${connectionSid(3)}`,
    ({ lines: { objections } }) => objections.set(connectionSid(3), down),
    "line 3",
  ],
  [
    "not to what is not behind it",
    `sip:10.9.0.1;tnx=${connectionSid(3)}`,
    undefined,
    `90241 line ${connectionSid(3)} has no route to 10.9.0.1`,
  ],
  [
    "named, with a name: its addresses have to be behind it",
    `sip:pbx.example;tnx=${connectionSid(3)}`,
    undefined,
    "after DNS",
  ],
  [
    "a line without sockets",
    `sip:172.56.42.132;tnx=${connectionSid(3)}`,
    ({ lines: { missing } }) => missing.add(connectionSid(3)),
    `unusable: line ${connectionSid(3)} is not on this gateway`,
  ],
  ["no edge named: over the internet", "sip:172.56.42.132", undefined, "public"],
  [
    "a transport that lines don't serve",
    "sip:172.56.42.132;edge=ashburn-ix;transport=tls",
    undefined,
    "90214 this gateway has no private interface that serves TLS",
  ],
];

for (const [rule, url, arrange, way] of chosenLines) {
  test(`by line: ${rule}`, () => assert.equal(byLine(url, {}, arrange), way));
}

test("the located address decides for a name", () => {
  const url = "sip:pbx.example;edge=ashburn-ix";
  assert.equal(byLine(url, {}, undefined, "172.56.42.132"), "line 2");
  assert.equal(byLine(url, {}, undefined, "172.56.43.1"), "line 1");
  assert.equal(byLine(url, {}, undefined, "10.1.2.3"), noLine("10.1.2.3"));
});

test("the interface of a line is its own with kernel attribution, the shared one otherwise", () => {
  const table = tableWith(...lines);
  const to = subject(table, "sip:172.56.42.132;edge=ashburn-ix");
  for (const [attribution, name] of [
    ["kernel", `private/${connectionSid(2)}`],
    ["address", "private"],
  ] as const) {
    const chosen = chooseWay(to, table, gatewayPlace({ interfaces: named("private"), attribution }));
    assert.ok(chosen?.kind === "way");
    assert.deepEqual([chosen.way.interface.name, chosen.way.connection?.sid], [name, connectionSid(2)]);
  }
});

test("no edge named, on a gateway with nothing but lines: by the line; without one only where nothing is enforced", () => {
  const only = named("private");
  const bare = [
    ["sip:172.56.42.132", "line 2", "line 2"],
    ["sip:pbx.example", "after DNS", "after DNS"],
    ["sip:10.1.2.3", noLine("10.1.2.3"), "private"],
  ] as const;
  for (const [url, withKernel, withAddress] of bare) {
    assert.equal(byLine(url, { interfaces: only }), withKernel);
    assert.equal(byLine(url, { interfaces: only, attribution: "address" }), withAddress);
  }
});

test("with kernel attribution nothing leaves by the private interface itself, lines or not", () => {
  const table = tableWith();
  const place = gatewayPlace({ interfaces: named("private"), attribution: "kernel" });
  assert.equal(told(chooseWay(subject(table, "sip:172.56.42.132"), table, place)), noLine("172.56.42.132"));
  assert.equal(
    told(chooseWay(subject(table, "sip:pbx.example;edge=ashburn-ix"), table, place)),
    noLine("pbx.example"),
  );
});

test("possible ways: the one that is certain, or each line of the account that is active", () => {
  const table = tableWith(...lines);
  const place = gatewayPlace({ interfaces: named("public", "private") });
  const ways = (url: string): string[] => possibleWays(subject(table, url), table, place).map(told);
  assert.deepEqual(ways("sip:pbx.example;edge=ashburn-ix"), ["line 1", "line 2", "line 3", "line 6"]);
  assert.deepEqual(ways("sip:172.56.42.132;edge=ashburn-ix"), ["line 2"]);
  assert.deepEqual(ways(`sip:pbx.example;tnx=${connectionSid(3)}`), ["line 3"]);
  assert.deepEqual(ways("sip:pbx.example"), ["public"]);
});
