import assert from "node:assert/strict";
import { test } from "node:test";
import type { InterfaceConfiguration, Snapshot } from "@tandem/contracts";
import { type Candidate, parseCandidateUri, RoutingTable } from "@tandem/routing";
import { exampleConnection, exampleSnapshot } from "../testing/example-snapshot.ts";
import { gatewayPlace } from "../testing/gateway-place.ts";
import { egressInterfaces } from "./egress-interfaces.ts";

const interfaces: readonly InterfaceConfiguration[] = (
  ["private", "public", "carrier", "backbone"] as const
).map((role) => ({ name: role, roles: [role], localAddress: "198.51.100.1", udpPort: 5060 }));

function names(
  candidate: Pick<Candidate, "kind" | "network" | "edge"> & { readonly url: string },
  roles: readonly string[] = interfaces.map(({ name }) => name),
  connections: Snapshot["connections"] = [],
): string[] {
  const parsed = parseCandidateUri(candidate.url);
  assert.ok(parsed.ok);
  const table = RoutingTable.from(exampleSnapshot({ connections }));
  const place = gatewayPlace({
    interfaces: interfaces.filter(({ name }) => roles.includes(name)),
    attribution: "kernel",
  });
  const whole = { ...candidate, uri: parsed.value } as Candidate;
  return [...egressInterfaces(whole, table, place)];
}

const carrier = {
  kind: "carrier",
  network: { kind: "carrier" },
  edge: undefined,
  url: "sip:c.example",
} as const;

test("the interface of the one way there is; of another edge that of the backbone", () => {
  assert.deepEqual(names(carrier), ["carrier"]);
  assert.deepEqual(names({ ...carrier, edge: "us1-ix" }), ["carrier"]);
  assert.deepEqual(names({ ...carrier, network: { kind: "public" } }), ["public"]);
  assert.deepEqual(names(carrier, ["public"]), []);
  assert.deepEqual(names({ ...carrier, edge: "san-jose-ix" }), ["backbone"]);
  assert.deepEqual(names({ ...carrier, edge: "san-jose-ix" }, ["carrier"]), []);
});

test("every line that the address may choose, and what stands in for one that carries nothing", () => {
  const lines = [
    exampleConnection(1, { fallback: "none" }),
    exampleConnection(2, { fallback: "public" }),
    exampleConnection(3, { accountSid: "AC9" }),
  ];
  const url = {
    kind: "origination-url",
    network: { kind: "lines", accountSid: "AC1" },
    edge: undefined,
    url: "sip:pbx.example",
  } as const;
  const [first = assert.fail(), second = assert.fail()] = lines;
  const own = [first, second].map(({ sid }) => `private/${sid}`);
  assert.deepEqual(names(url, ["private", "public", "backbone"], lines), [...own, "public"]);
  assert.deepEqual(names(url, ["private", "backbone"], lines), [...own, "backbone"]);
  assert.deepEqual(names(url, ["private", "backbone"], [first]), own.slice(0, 1));
});
