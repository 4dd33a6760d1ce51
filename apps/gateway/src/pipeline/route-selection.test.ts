import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { originationCallOnTrunk, stageServices, terminationCall } from "../testing/call-of.ts";
import { exampleCarrier, exampleGateway, exampleTrunk, exampleUrl } from "../testing/example-snapshot.ts";
import { assertPasses, assertRefused } from "../testing/verdicts.ts";
import { routeSelection } from "./route-selection.ts";

test("termination: the carriers' gateways by the called number", () => {
  const call = terminationCall();
  call.calledNumber = "+15557654321";
  assertPasses(routeSelection(call, stageServices()), "1 candidates");
  assert.deepEqual(
    call.candidates.map((candidate) => candidate.sid),
    ["CG1"],
  );
});

test("termination without a route is refused with 404", () => {
  const carriers = [exampleCarrier({ routes: [{ prefix: "+44", priority: 1, weight: 1 }] })];
  const call = terminationCall({ snapshot: { carriers } });
  call.calledNumber = "+15557654321";
  const refused = assertRefused(routeSelection(call, stageServices()), reasons.noCandidates);
  assert.equal(refused.text, "no carrier has a route for +15557654321");
  assert.equal(refused.reason.statusCode, 404);
});

test("termination uses gateways of this edge", () => {
  const gateways = [exampleGateway(), exampleGateway({ sid: "CG2", edge: "san-jose-ix" })];
  const call = terminationCall({ snapshot: { carriers: [exampleCarrier({ gateways })] } });
  call.calledNumber = "+15557654321";
  routeSelection(call, stageServices());
  assert.ok(call.candidates.some((candidate) => candidate.sid === "CG1"));
  assert.ok(!call.candidates.some((candidate) => candidate.sid === "CG2" && candidate.edge === "ashburn-ix"));
});

test("origination: the trunk's URLs; those switched off leave their reason", () => {
  const originationUrls = [exampleUrl(), exampleUrl({ sid: "OU2", enabled: false })];
  const call = originationCallOnTrunk({ snapshot: { trunks: [exampleTrunk({ originationUrls })] } });
  assertPasses(routeSelection(call, stageServices()));
  assert.deepEqual(
    call.candidates.map((candidate) => candidate.sid),
    ["OU1"],
  );
  const [skipped] = call.skipped;
  assert.deepEqual([skipped?.sid, skipped?.reasonCode], ["OU2", reasons.candidateDisabled.code]);
  assert.equal(skipped?.url, "sip:192.0.2.20:5080");
});

test("origination without a URL is refused with 480", () => {
  const call = originationCallOnTrunk({ snapshot: { trunks: [exampleTrunk({ originationUrls: [] })] } });
  const refused = assertRefused(routeSelection(call, stageServices()), reasons.noOriginationUrl);
  assert.equal(refused.text, "TK1 has no usable origination URL");
  assert.equal(refused.reason.statusCode, 480);
});

test("health puts what is down last, with its reason", () => {
  const originationUrls = [exampleUrl({ priority: 1 }), exampleUrl({ sid: "OU2", priority: 2 })];
  const services = stageServices();
  services.down.set("OU1", "did not answer the last calls");
  const call = originationCallOnTrunk({ snapshot: { trunks: [exampleTrunk({ originationUrls })] } });
  routeSelection(call, services);
  assert.deepEqual(
    call.candidates.map((candidate) => [candidate.sid, candidate.isDown]),
    [
      ["OU2", undefined],
      ["OU1", "did not answer the last calls"],
    ],
  );
});
