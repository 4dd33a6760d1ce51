import assert from "node:assert/strict";
import { test } from "node:test";
import type { InterfaceConfiguration, Snapshot } from "@tandem/contracts";
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
import { maximumProbedTargets, probeTargets } from "./probe-targets.ts";

function targets(changes: Partial<Snapshot>, on: readonly InterfaceConfiguration[] = interfaces): string[] {
  const table = RoutingTable.from(exampleSnapshot(changes));
  return probeTargets(table, gatewayPlace({ interfaces: on })).map(
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
