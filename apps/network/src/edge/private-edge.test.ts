import assert from "node:assert/strict";
import { test } from "node:test";
import type { GatewayConfiguration, InterfaceConfiguration } from "@tandem/contracts";
import { formatIpv4, formatIpv4Network } from "../ipv4.ts";
import { privateEdge } from "./private-edge.ts";

const customers: InterfaceConfiguration = {
  name: "customers",
  roles: ["private"],
  localAddress: "203.0.113.10",
  udpPort: 5060,
  tcpPort: 5060,
  tlsPort: 5061,
};
const internet: InterfaceConfiguration = {
  name: "internet",
  roles: ["public"],
  localAddress: "198.51.100.1",
  udpPort: 5060,
};

function configuration(
  interfaces: readonly InterfaceConfiguration[],
  network?: GatewayConfiguration["network"],
): GatewayConfiguration {
  return {
    name: "ashburn-ix-1",
    edge: "ashburn-ix",
    region: "us1",
    stateDirectory: "/var/lib/tandem",
    control: { url: "http://127.0.0.1", token: "x" },
    interfaces: [...interfaces],
    mediaPorts: { first: 10000, last: 19999 },
    ...(network === undefined ? {} : { network }),
  };
}

test("addresses, ports and what no line leads to", () => {
  const edge = privateEdge(
    configuration([
      customers,
      internet,
      { name: "v6", roles: ["public"], localAddress: "2001:db8::1", udpPort: 5060 },
      {
        name: "trial",
        roles: ["carrier"],
        localAddress: "127.0.0.1",
        advertisedAddress: "198.51.100.2",
        udpPort: 5070,
      },
    ]),
  );
  assert.ok(typeof edge === "object");
  assert.equal(formatIpv4(edge.signaling), "203.0.113.10");
  assert.equal(formatIpv4(edge.media), "203.0.113.10");
  assert.deepEqual([edge.udpPorts, edge.tcpPorts], [[5060], [5060, 5061]]);
  assert.deepEqual(edge.others.ipv4.map(formatIpv4), ["198.51.100.1", "198.51.100.2"]);
  assert.deepEqual(edge.others.ipv6, ["2001:db8::1"]);
  assert.deepEqual(edge.bound, []);
  assert.equal(formatIpv4Network(edge.pool), "100.127.0.0/16");
});

const mediaAddresses: readonly (readonly [
  Partial<InterfaceConfiguration>,
  string,
  string,
  readonly string[],
])[] = [
  [{ advertisedAddress: "192.0.2.1" }, "192.0.2.1", "192.0.2.1", ["203.0.113.10"]],
  [{ mediaAddress: "203.0.113.11" }, "203.0.113.10", "203.0.113.11", []],
  [{ advertisedMediaAddress: "192.0.2.9" }, "203.0.113.10", "192.0.2.9", []],
  [
    { advertisedAddress: "192.0.2.1", mediaAddress: "10.0.0.9", advertisedMediaAddress: "192.0.2.9" },
    "192.0.2.1",
    "192.0.2.9",
    ["203.0.113.10", "10.0.0.9"],
  ],
];

for (const [overrides, signaling, media, bound] of mediaAddresses) {
  test(`as the gateway has it in Via and SDP: ${JSON.stringify(overrides)}`, () => {
    const edge = privateEdge(configuration([{ ...customers, ...overrides }]));
    assert.ok(typeof edge === "object");
    assert.deepEqual([formatIpv4(edge.signaling), formatIpv4(edge.media)], [signaling, media]);
    assert.deepEqual(edge.bound.map(formatIpv4), bound);
  });
}

const refused: readonly (readonly [
  what: string,
  interfaces: readonly InterfaceConfiguration[],
  network: string | undefined,
  fault: RegExp,
])[] = [
  ["no private interface", [internet], undefined, /none has the role private/],
  ["two of them", [customers, { ...customers, name: "more" }], undefined, /customers and more both have/],
  [
    "another role beside it",
    [{ ...customers, roles: ["private", "backbone"] }],
    undefined,
    /customers has other roles/,
  ],
  [
    "an IPv6 edge",
    [{ ...customers, localAddress: "2001:db8::1" }],
    undefined,
    /2001:db8::1 is no IPv4 address/,
  ],
  [
    "a loopback edge",
    [{ ...customers, localAddress: "127.0.0.1" }],
    undefined,
    /nobody can send to 127\.0\.0\.1/,
  ],
  [
    "an unspecified edge",
    [{ ...customers, localAddress: "0.0.0.0" }],
    undefined,
    /nobody can send to 0\.0\.0\.0/,
  ],
  [
    "an edge in the pool",
    [{ ...customers, localAddress: "100.127.3.4" }],
    undefined,
    /100\.127\.3\.4 is in 100\.127\.0\.0\/16/,
  ],
  [
    "media in the pool",
    [{ ...customers, advertisedMediaAddress: "100.127.3.4" }],
    undefined,
    /100\.127\.3\.4 is in/,
  ],
  [
    "the address of another interface",
    [customers, { ...internet, localAddress: "203.0.113.10" }],
    undefined,
    /would be cut off/,
  ],
  ["a free port", [{ ...customers, tcpPort: 0 }], undefined, /takes a free port \(0\)/],
  ["no port", [{ name: "x", roles: ["private"], localAddress: "203.0.113.10" }], undefined, /x has no port/],
  ["a pool that is none", [customers], "100.127.0.0.0/16", /localAddresses: .* is no IPv4 network/],
  ["a pool too large", [customers], "100.126.0.0/15", /not between \/16 and \/28/],
  ["a pool too small", [customers], "100.127.0.0/29", /not between \/16 and \/28/],
];

for (const [what, interfaces, localAddresses, fault] of refused) {
  test(`refused: ${what}`, () => {
    const edge = privateEdge(
      configuration(interfaces, localAddresses === undefined ? undefined : { localAddresses }),
    );
    assert.ok(typeof edge === "string");
    assert.match(edge, fault);
  });
}

test("the largest and the smallest pool are taken", () => {
  for (const localAddresses of ["10.200.0.0/16", "10.200.0.0/28"]) {
    const edge = privateEdge(configuration([customers], { localAddresses }));
    assert.ok(typeof edge === "object");
    assert.equal(formatIpv4Network(edge.pool), localAddresses);
  }
});
