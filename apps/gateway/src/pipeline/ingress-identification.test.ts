import assert from "node:assert/strict";
import { test } from "node:test";
import { RoutingTable } from "@tandem/routing";
import { type FlowOptions, flow, parsedRequest, request } from "@tandem/sip/testing";
import { interfaces } from "../testing/call-of.ts";
import { addresses, exampleSnapshot, trunkHost } from "../testing/example-snapshot.ts";
import { CallContext } from "./call-context.ts";
import { identifyIngress } from "./ingress-identification.ts";

function identify(requestUri: string, from: FlowOptions): { call: CallContext; isKnown: boolean } {
  const call = new CallContext({
    request: parsedRequest(request("INVITE", { requestUri })),
    flow: flow("UDP", from),
    table: RoutingTable.from(exampleSnapshot()),
    isDryRun: false,
  });
  const isKnown = identifyIngress(call, {
    interfaceByName: (name) => interfaces.find((one) => one.name === name),
    probes: { take: () => true },
  });
  return { call, isKnown };
}

const customers = { interfaceName: "customers", remoteAddress: addresses.customer };
const carriers = { interfaceName: "carriers", remoteAddress: addresses.carrier };

test("a customer's call is a termination on its trunk", () => {
  const { call, isKnown } = identify(`sip:+1555@${trunkHost}`, customers);
  assert.equal(isKnown, true);
  assert.equal(call.direction, "termination");
  assert.deepEqual([call.trunk?.sid, call.account?.sid, call.carrier], ["TK1", "AC1", undefined]);
  assert.equal(call.requestUri?.user, "+1555");
  assert.equal(call.namedEdge, undefined);
});

test("the edge that the name names is noted, by its name or its legacy id", () => {
  for (const edge of ["san-jose-ix", "us2-ix"]) {
    const { call } = identify(`sip:+1555@acme.pstn.${edge}.tandem.test`, customers);
    assert.equal(call.namedEdge?.name, "san-jose-ix");
  }
});

test("a carrier's call is an origination of that carrier", () => {
  const { call, isKnown } = identify("sip:+15550001111@198.51.100.2", carriers);
  assert.equal(isKnown, true);
  assert.equal(call.direction, "origination");
  assert.deepEqual([call.carrier?.sid, call.trunk], ["CR1", undefined]);
  assert.equal(call.requestUri?.user, "+15550001111");
});

test("probes and strangers are nobody's", () => {
  assert.equal(
    identify(`sip:+1555@${trunkHost}`, { ...customers, remoteAddress: addresses.stranger }).isKnown,
    false,
  );
  assert.equal(identify("sip:+1555@198.51.100.1", customers).isKnown, false);
  assert.equal(
    identify("sip:+1555@198.51.100.1", { ...carriers, remoteAddress: addresses.stranger }).isKnown,
    false,
  );
});
