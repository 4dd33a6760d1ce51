import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleDocuments } from "./line-example.ts";
import { bgpPlan, lineEnd, linePlan, vpnPlan } from "./line-plan.ts";

test("BGP: numbers, addresses, and who announces what", () => {
  assert.deepEqual(bgpPlan(exampleDocuments()), {
    exchangeAsn: 64512,
    customerAsn: 65010,
    exchangeAddress: "169.254.10.0",
    customerAddress: "169.254.10.1",
    password: "agreed-word",
    exchangePrefixes: [
      { network: "208.78.112.0/25", longest: undefined },
      { network: "168.86.128.0/18", longest: 24 },
    ],
    customerPrefixes: ["192.0.2.0/24", "198.51.100.0/25"],
  });
});

test("IPsec: the gateways, the key and both encryption domains", () => {
  assert.deepEqual(vpnPlan(exampleDocuments(), "203.0.113.1"), {
    exchangeGateway: "203.0.113.1",
    customerGateway: "203.0.113.9",
    preSharedKey: "agreed-key-0123",
    exchangeNetworks: ["208.78.112.0/25", "168.86.160.0/21"],
    customerNetworks: ["192.0.2.0/24", "198.51.100.0/25"],
  });
});

test("a line without MD5 has no password", () => {
  assert.equal(bgpPlan(exampleDocuments({ secrets: { bgp_password: null } })).password, undefined);
});

type Changes = Parameters<typeof exampleDocuments>[0];
const refusedForBgp: readonly (readonly [why: string, changes: Changes, error: RegExp])[] = [
  [
    "both numbers are missing",
    { connection: { customer_asn: null, customer_peer_address: null } },
    /lacks what BGP needs: customer_asn, customer_peer_address$/,
  ],
  ["an address is none", { connection: { exchange_peer_address: "2001:db8::1" } }, /no IPv4 address/],
  [
    "a prefix is none",
    { exchange: { bgp_prefixes: [{ prefix: "208.78.112.0/25 ge 9", maximum_length: null }] } },
    /which is none/,
  ],
  [
    "a prefix does not say how far it may be split",
    { exchange: { bgp_prefixes: [{ prefix: "208.78.112.0/25" }] } },
    /208\.78\.112\.0\/25 has no maximum_length/,
  ],
  ["the exchange names no prefixes", { exchange: { bgp_prefixes: null } }, /has no bgp_prefixes/],
  ["a password would break out", { secrets: { bgp_password: 'a"b' } }, /quotation mark/],
];
for (const [why, changes, error] of refusedForBgp) {
  test(`no BGP when ${why}`, () => {
    assert.throws(() => bgpPlan(exampleDocuments(changes)), error);
  });
}

const refusedForVpn: readonly (readonly [
  why: string,
  changes: Changes,
  gateway: string | undefined,
  error: RegExp,
])[] = [
  ["the line is none", { connection: { type: "mpls" } }, undefined, /of type mpls: only a vpn has IPsec/],
  [
    "the customer's gateway is missing",
    { connection: { vpn_gateway_address: null } },
    undefined,
    /vpn_gateway_address/,
  ],
  ["the key is missing", { secrets: { pre_shared_key: null } }, undefined, /pre_shared_key/],
  ["nobody names our gateway", {}, undefined, /--exchange-gateway ADDRESS/],
  ["the named gateway is no address", {}, "vpn.example", /no IPv4 address/],
  ["the exchange has no domain", { exchange: { encryption_domain: [] } }, "203.0.113.1", /encryption domain/],
  ["there are no routes", { connection: { ip_routes: [] } }, "203.0.113.1", /no IP routes/],
];
for (const [why, changes, gateway, error] of refusedForVpn) {
  test(`no IPsec when ${why}`, () => {
    assert.throws(() => vpnPlan(exampleDocuments(changes), gateway), error);
  });
}

test("no answer of control adds a line to a configuration", () => {
  const line = linePlan(
    exampleDocuments({ connection: { friendly_name: "a\nneighbor 1.1.1.1 remote-as 1\u00e9" } }),
  );
  assert.equal(line.friendlyName, "a?neighbor 1.1.1.1 remote-as 1?");
});

test("a value of 1024 characters is taken, one of 1025 is not", () => {
  const named = (length: number): void => {
    linePlan(exampleDocuments({ connection: { friendly_name: "x".repeat(length) } }));
  };
  named(1024);
  assert.throws(() => named(1025), /longer/);
});

test("an answer that is no connection is said to be none", () => {
  assert.throws(() => linePlan(exampleDocuments({ connection: { edge: 7 } })), /has no edge/);
  assert.throws(
    () => lineEnd(exampleDocuments({ connection: { routing_table: "1" } }), "exchange"),
    /has no routing_table/,
  );
});
