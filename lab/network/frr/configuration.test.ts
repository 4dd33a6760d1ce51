import assert from "node:assert/strict";
import { test } from "node:test";
import { customerConfiguration } from "./customer-configuration.ts";
import { exchangeConfiguration } from "./exchange-configuration.ts";

const exchange = exchangeConfiguration({
  asn: 64_500,
  routerId: "10.10.1.1",
  announced: ["208.78.112.64/32"],
  sessions: [
    { line: "line-1a", neighborAddress: "100.64.1.14", neighborAsn: 65_001, routes: ["203.0.113.0/28"] },
    { line: "line-2", neighborAddress: "100.64.4.14", neighborAsn: 65_002, routes: [], password: "s" },
  ],
});

test("the exchange believes a customer its own networks, announces the edge's, and routes nothing by BGP", () => {
  for (const row of [
    "ip prefix-list line-1a permit 203.0.113.0/28",
    "  neighbor 100.64.1.14 route-map line-1a-in in",
    "  neighbor 100.64.1.14 prefix-list edge out",
    "ip prefix-list edge permit 208.78.112.64/32",
    "ip protocol bgp route-map none",
    " neighbor 100.64.4.14 password s",
  ]) {
    assert.ok(exchange.split("\n").includes(row), row);
  }
  assert.ok(!exchange.includes("neighbor 100.64.1.14 password"));
});

test("both sides want BFD with 3 × 300 ms", () => {
  const customer = customerConfiguration({
    asn: 65_001,
    routerId: "192.0.2.11",
    prefix: "203.0.113.0/28",
    sessions: [
      {
        line: "line-1a",
        neighborAddress: "100.64.1.1",
        neighborAsn: 64_500,
        edgeNetworks: ["208.78.112.64/32"],
      },
    ],
  });
  for (const [text, neighbor] of [
    [exchange, "100.64.1.14"],
    [customer, "100.64.1.1"],
  ] as const) {
    for (const row of [
      ` neighbor ${neighbor} bfd profile line`,
      "  detect-multiplier 3",
      "  receive-interval 300",
      "  transmit-interval 300",
    ]) {
      assert.ok(text.split("\n").includes(row), row);
    }
  }
  assert.ok(customer.includes("  neighbor 100.64.1.1 prefix-list line-1a-100.64.1.1 in"));
  assert.ok(customer.includes("ip prefix-list line-1a-100.64.1.1 permit 208.78.112.64/32"));
  assert.ok(customer.includes("  neighbor 100.64.1.1 prefix-list own out"));
});
