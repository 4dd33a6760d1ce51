import assert from "node:assert/strict";
import { test } from "node:test";
import type { SnapshotCarrier } from "@tandem/contracts";
import type { HealthView } from "./candidate.ts";
import { exampleCarrier, exampleGateway, exampleSnapshot } from "./example-snapshot.ts";
import { RoutingTable } from "./routing-table.ts";
import { seededRandom } from "./seeded-random.ts";
import { terminationCandidates } from "./termination-candidates.ts";

function route(
  carriers: readonly SnapshotCarrier[],
  options: { calledNumber?: string; edge?: string; down?: readonly string[]; random?: () => number } = {},
) {
  const table = RoutingTable.from(exampleSnapshot({ carriers: [...carriers] }));
  const health: HealthView = {
    stateOf: ({ sid }) => ({ isDown: options.down?.includes(sid) === true, reason: `${sid} is silent` }),
  };
  const facts = { calledNumber: options.calledNumber ?? "+442079460000", edge: options.edge ?? "ashburn-ix" };
  const routed = terminationCandidates(table, facts, health, options.random ?? seededRandom(1));
  return { ...routed, sids: routed.candidates.map((candidate) => candidate.sid).join(" ") };
}

const on = (prefix: string, priority = 10, weight = 10) => ({ prefix, priority, weight });

test("the longest prefix comes first, then shorter ones; priority counts within a prefix only", () => {
  const carriers = [
    exampleCarrier("world", { routes: [on("+", 0)] }),
    exampleCarrier("london", { routes: [on("+4420", 50)] }),
    exampleCarrier("uk", { routes: [on("+44", 20)] }),
    exampleCarrier("uk2", { routes: [on("+44", 10)] }),
    exampleCarrier("us", { routes: [on("+1", 0)] }),
  ];
  assert.equal(route(carriers).sids, "london-gateway uk2-gateway uk-gateway world-gateway");
  assert.equal(route(carriers, { calledNumber: "+441" }).sids, "uk2-gateway uk-gateway world-gateway");
  assert.equal(route(carriers, { calledNumber: "+4420" }).sids, route(carriers).sids);
  assert.equal(route(carriers, { calledNumber: "+81312345678" }).sids, "world-gateway");
  assert.equal(route(carriers, { calledNumber: "+4" }).sids, "world-gateway");
});

test("a carrier with several matching routes stands once, at its longest", () => {
  const carriers = [
    exampleCarrier("a", { routes: [on("+"), on("+4420")] }),
    exampleCarrier("b", { routes: [on("+44")] }),
  ];
  assert.equal(route(carriers).sids, "a-gateway b-gateway");
});

test("a prefix that a carrier lists twice counts with its lowest priority", () => {
  const carriers = [
    exampleCarrier("a", { routes: [on("+44", 30), on("+44", 1), on("+44", 40)] }),
    exampleCarrier("b", { routes: [on("+44", 10)] }),
  ];
  assert.equal(route(carriers).sids, "a-gateway b-gateway");
});

test("of two equal routes for one prefix the first counts", () => {
  const carriers = [
    exampleCarrier("a", { routes: [on("+44", 1, 90), on("+44", 1, 10)] }),
    exampleCarrier("b", { routes: [on("+44", 1, 10)] }),
  ];
  assert.equal(route(carriers, { random: () => 0.89 }).sids, "a-gateway b-gateway");
  assert.equal(route(carriers, { random: () => 0.9 }).sids, "b-gateway a-gateway");
});

test("an empty prefix matches nothing", () => {
  assert.equal(route([exampleCarrier("a", { routes: [on("")] })]).sids, "");
});

test("a gateway that hangs on an edge is used from there, by its name; the others from where the call entered", () => {
  const carriers = [
    exampleCarrier("a", {
      gateways: [
        exampleGateway("a1", { edge: "ashburn-ix", priority: 1 }),
        exampleGateway("a2", { edge: "us2-ix", priority: 2 }),
        exampleGateway("a3", { edge: null, priority: 3 }),
        exampleGateway("a4", { edge: "nowhere", priority: 4 }),
      ],
    }),
  ];
  const edges = (edge: string) =>
    route(carriers, { edge }).candidates.map((candidate) => `${candidate.sid} ${candidate.edge}`);
  assert.deepEqual(edges("ashburn-ix"), ["a1 ashburn-ix", "a2 san-jose-ix", "a3 ashburn-ix", "a4 nowhere"]);
  assert.deepEqual(edges("us2-ix"), ["a1 ashburn-ix", "a2 san-jose-ix", "a3 san-jose-ix", "a4 nowhere"]);
});

test("emergency numbers go to carriers that route everything or that number", () => {
  const carriers = [
    exampleCarrier("world"),
    exampleCarrier("us", { routes: [on("+1")] }),
    exampleCarrier("emergency", { routes: [on("911")] }),
  ];
  assert.equal(route(carriers, { calledNumber: "911" }).sids, "emergency-gateway world-gateway");
  assert.equal(route(carriers, { calledNumber: "112" }).sids, "world-gateway");
});

test("no carrier has a route", () => {
  const routed = route([exampleCarrier("us", { routes: [on("+1")] })]);
  assert.deepEqual(routed.candidates, []);
  assert.deepEqual(routed.skipped, []);
});

test("gateways of a carrier stand together by priority", () => {
  const carriers = [
    exampleCarrier("a", {
      routes: [on("+", 1)],
      gateways: [exampleGateway("a3", { priority: 3 }), exampleGateway("a1", { priority: 1 })],
    }),
    exampleCarrier("b", { routes: [on("+", 2)], gateways: [exampleGateway("b0", { priority: 0 })] }),
  ];
  assert.equal(route(carriers).sids, "a1 a3 b0");
});

test("carriers of one prefix and priority share by weight; so do a carrier's gateways", () => {
  const carriers = [
    exampleCarrier("a", {
      routes: [on("+", 1, 75)],
      gateways: ["a1", "a2"].map((sid) => exampleGateway(sid)),
    }),
    exampleCarrier("b", { routes: [on("+", 1, 25)] }),
  ];
  const order = (points: readonly number[]) => {
    const row = [...points];
    return route(carriers, { random: () => row.shift() ?? assert.fail("one draw too many") }).sids;
  };
  assert.equal(order([0.74, 0.49]), "a1 a2 b-gateway");
  assert.equal(order([0.74, 0.5]), "a2 a1 b-gateway");
  assert.equal(order([0.75, 0.5]), "b-gateway a2 a1");
});

test("a disabled carrier, a disabled gateway and a bad URL are skipped with the reason", () => {
  const routed = route([
    exampleCarrier("off", { enabled: false }),
    exampleCarrier("a", {
      gateways: [
        exampleGateway("a1", { enabled: false }),
        exampleGateway("a3", { sipUrl: "nonsense" }),
        exampleGateway("a4", { edge: "ashburn-ix" }),
        exampleGateway("a5", { edge: "us1-ix", priority: 20 }),
      ],
    }),
  ]);
  assert.equal(routed.sids, "a4 a5");
  assert.deepEqual(
    routed.skipped.map((one) => [one.sid, one.reason.name, one.text]),
    [
      ["off-gateway", "candidate-disabled", "carrier off is disabled"],
      ["a1", "candidate-disabled", "the carrier gateway is disabled"],
      ["a3", "malformed-sip-uri", "URI is neither sip nor sips"],
    ],
  );
  assert.equal(routed.skipped[2]?.url, "nonsense");
});

test("what is down comes after everything that is up, whatever its prefix, and says why", () => {
  const carriers = [
    exampleCarrier("london", {
      routes: [on("+4420")],
      gateways: [exampleGateway("l1", { priority: 1 }), exampleGateway("l2", { priority: 2 })],
    }),
    exampleCarrier("world"),
  ];
  const routed = route(carriers, { down: ["l1"] });
  assert.equal(routed.sids, "l2 world-gateway l1");
  assert.deepEqual(
    routed.candidates.map((candidate) => candidate.isDown),
    [undefined, undefined, "l1 is silent"],
  );
  assert.equal(route(carriers, { down: ["l1", "l2", "world-gateway"] }).sids, "l1 l2 world-gateway");
});

test("a carrier that is down as a whole takes no part in the draw of the others", () => {
  const carriers = [
    exampleCarrier("a", { routes: [on("+", 1, 60)] }),
    exampleCarrier("b", { routes: [on("+", 1, 20)] }),
    exampleCarrier("c", { routes: [on("+", 1, 20)] }),
  ];
  const first = (point: number) => {
    const row = [point];
    return route(carriers, {
      down: ["a-gateway"],
      random: () => row.shift() ?? assert.fail("one draw too many"),
    }).sids;
  };
  assert.equal(first(0.49), "b-gateway c-gateway a-gateway");
  assert.equal(first(0.5), "c-gateway b-gateway a-gateway");
});

test("a candidate carries what the attempt needs", () => {
  const timers = { firstResponseSeconds: 2, progressSeconds: 3, ringSeconds: 4 };
  const carrier = exampleCarrier("a", {
    timers,
    failoverOverrides: { "404": "stop" },
    gateways: [exampleGateway("a1", { sipUrl: "sip:192.0.2.9:5070;transport=tcp", priority: 3, weight: 4 })],
    routes: [on("+44", 1, 2)],
  });
  const [candidate] = route([carrier]).candidates;
  assert.equal(candidate?.kind, "carrier");
  assert.equal(candidate.carrier, carrier);
  assert.equal(candidate.url, "sip:192.0.2.9:5070;transport=tcp");
  assert.deepEqual(
    [candidate.uri.host, candidate.uri.port, candidate.uri.transport],
    ["192.0.2.9", 5070, "TCP"],
  );
  assert.equal(candidate.edge, "ashburn-ix");
  assert.equal(candidate.timers, timers);
  assert.deepEqual(candidate.failoverOverrides, { "404": "stop" });
  assert.equal(candidate.why, "prefix +44, carrier a priority 1 weight 2, gateway priority 3 weight 4");
});
