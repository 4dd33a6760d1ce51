import assert from "node:assert/strict";
import { test } from "node:test";
import type { InterfaceConfiguration } from "@tandem/contracts";
import { type ParsedCandidateUri, parseCandidateUri, RoutingTable } from "@tandem/routing";
import { exampleSnapshot } from "../testing/example-snapshot.ts";
import { carrierInterface, customerInterface } from "./interface-choice.ts";

function one(
  name: string,
  ports: Partial<InterfaceConfiguration> = { udpPort: 5060 },
): InterfaceConfiguration {
  const [role = "public"] = name.split("-") as InterfaceConfiguration["roles"];
  return { name, roles: [role], localAddress: "198.51.100.1", ...ports };
}

function uriOf(url: string): ParsedCandidateUri {
  const parsed = parseCandidateUri(url);
  assert.ok(parsed.ok);
  return parsed.value;
}

const table = RoutingTable.from(exampleSnapshot());

const customers: readonly (readonly [
  rule: string,
  interfaces: string[],
  url: string,
  chosen: string | undefined,
])[] = [
  ["over the internet", ["private", "carrier", "public"], "sip:pbx.example", "public"],
  ["the first public one", ["public-1", "public-2"], "sip:pbx.example", "public-1"],
  ["private lines where there is nothing else", ["carrier", "private"], "sip:pbx.example", "private"],
  ["a private edge by private lines", ["public", "private"], "sip:pbx.example;edge=ashburn-ix", "private"],
  ["by its legacy id too", ["public", "private"], "sip:pbx.example;edge=US1-IX", "private"],
  [
    "a private edge never over the internet",
    ["public", "carrier"],
    "sip:pbx.example;edge=ashburn-ix",
    undefined,
  ],
  ["a public edge over the internet", ["private", "public"], "sip:pbx.example;edge=ashburn", "public"],
  ["an edge that nobody knows is none", ["private", "public"], "sip:pbx.example;edge=nowhere", "public"],
  ["never by the carriers' interface", ["carrier", "backbone"], "sip:pbx.example", undefined],
];

for (const [rule, names, url, chosen] of customers) {
  test(`a customer is reached: ${rule}`, () => {
    const interfaces = names.map((name) => one(name));
    assert.equal(customerInterface(interfaces, uriOf(url), table)?.name, chosen);
  });
}

test("a carrier is reached by the carriers' interface only", () => {
  const interfaces = ["public", "private", "carrier-1", "carrier-2"].map((name) => one(name));
  assert.equal(carrierInterface(interfaces, uriOf("sip:carrier.example"))?.name, "carrier-1");
  assert.equal(carrierInterface(interfaces.slice(0, 2), uriOf("sip:carrier.example")), undefined);
});

const transports: readonly (readonly [parameter: string, chosen: string | undefined])[] = [
  ["", "carrier-udp"],
  [";transport=udp", "carrier-udp"],
  [";transport=tcp", "carrier-tcp"],
  [";transport=tls", "carrier-tls"],
];

for (const [parameter, chosen] of transports) {
  test(`the interface serves the transport: ${parameter === "" ? "none named" : parameter}`, () => {
    const all = [
      one("carrier-udp"),
      one("carrier-tcp", { tcpPort: 5060 }),
      one("carrier-tls", { tlsPort: 5061 }),
    ];
    const uri = uriOf(`sip:carrier.example${parameter}`);
    assert.equal(carrierInterface(all, uri)?.name, chosen);
    const others = all.filter((candidate) => candidate.name !== chosen);
    if (parameter !== "") assert.equal(carrierInterface(others, uri), undefined);
  });
}
