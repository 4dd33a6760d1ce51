import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleInterface } from "../testing/example-zone.ts";
import { hostsOfEdge } from "./gateway-host.ts";

const edge = { name: "Ashburn-IX", legacyId: "us1-ix", region: "us1", kind: "private" as const };
const hostsOf = (...gateways: { name: string; interfaces: ReturnType<typeof exampleInterface>[] }[]) =>
  hostsOfEdge(
    edge,
    gateways.map((gateway) => ({ ...gateway, edge: edge.name })),
    "tandem.test",
  );
const one = (name: string) => ({ name, interfaces: [exampleInterface("private", "198.51.100.1")] });

test("a gateway's name becomes a label, whatever is in it; two that look alike are told apart", () => {
  const labels = hostsOf(
    one("Gateway 1"),
    one("gateway-1"),
    one("gateway.1"),
    one("--"),
    one("é"),
    one("x".repeat(64)),
    one(`${"x".repeat(57)}-yyyyy`),
  ).map((host) => host.name.replace(".gw.ashburn-ix.tandem.test", ""));
  assert.deepEqual(labels, [
    "gateway-1",
    "gateway-1-2",
    "gateway-1-3",
    "gateway",
    "gateway-2",
    "x".repeat(58),
    "x".repeat(57),
  ]);
});

test("interfaces with other ports get a host name of their own, with the gateway's health", () => {
  const hosts = hostsOf({
    name: "g",
    interfaces: [
      exampleInterface("private", "198.51.100.1"),
      exampleInterface("private", "198.51.100.2", { udpPort: 5070 }),
      exampleInterface("private", "2001:db8::1"),
    ],
  });
  assert.deepEqual(
    hosts.map(({ gateway, name, ipv4, ipv6, ports }) => [gateway, name, ipv4.length, ipv6.length, ports.udp]),
    [
      ["g", "g.gw.ashburn-ix.tandem.test", 1, 1, 5060],
      ["g", "g-2.gw.ashburn-ix.tandem.test", 1, 0, 5070],
    ],
  );
});

test("an IPv4 address in IPv6 clothes is an IPv4 address", () => {
  const [host] = hostsOf({ name: "g", interfaces: [exampleInterface("private", "::ffff:192.0.2.1")] });
  assert.deepEqual([host?.ipv4, host?.ipv6], [[0xc0000201], []]);
});

test("a gateway that has not said where it is reached has no host name", () => {
  assert.deepEqual(hostsOf({ name: "g", interfaces: [] }), []);
});
