import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { flow, parsedRequest, parsedResponse, request, responseTo } from "@tandem/sip/testing";
import { allowedMethods } from "@tandem/sip/user-agent";
import { answeredCall } from "./testing/answered-call.ts";
import { addresses, exampleSnapshot, exampleTrunk, trunkHost } from "./testing/example-snapshot.ts";
import { type GatewayScript, gatewayScript } from "./testing/gateway-script.ts";

const toTrunk = { requestUri: `sip:${trunkHost}` };
const fromStranger = (protocol: "UDP" | "TCP" | "TLS" = "UDP") =>
  flow(protocol, { interfaceName: "customers", remoteAddress: addresses.stranger });

function ask(script: GatewayScript, method: string, parts: object = {}, on = script.customer): void {
  script.wire.inject(request(method, { ...toTrunk, ...parts }), on);
}

test("OPTIONS of a customer is answered with what we take", async () => {
  const script = await gatewayScript();
  ask(script, "OPTIONS");
  const response = parsedResponse(script.wire.expect(200));
  assert.equal(response.value("Allow"), allowedMethods);
  assert.match(allowedMethods, /^INVITE, ACK, CANCEL, BYE, OPTIONS,/);
  assert.equal(response.value("Supported"), "100rel, timer, norefersub");
  assert.equal(response.value("Accept"), "application/sdp");
  assert.equal(response.value("Accept-Encoding"), "identity");
  assert.equal(response.value("Accept-Language"), "en");
  assert.equal(response.value("Server"), "Tandem");
  assert.equal(response.has("Retry-After"), false);
  assert.notEqual(response.toTag, "");
});

test("OPTIONS of a carrier too", async () => {
  const script = await gatewayScript();
  ask(script, "OPTIONS", { requestUri: "sip:198.51.100.2" }, script.carrier);
  script.wire.expect(200);
});

for (const method of ["BYE", "PRACK", "UPDATE", "INFO", "NOTIFY"]) {
  test(`${method} outside a dialog has no call, with a To tag and without`, async () => {
    const script = await gatewayScript();
    ask(script, method);
    assert.notEqual(parsedResponse(script.wire.expect(481)).toTag, "");
    ask(script, method, { to: "<sip:+15550001111@198.51.100.2>;tag=nobody", branch: "z9hG4bK-2" });
    assert.equal(parsedResponse(script.wire.expect(481)).toTag, "nobody");
  });
}

test("an INVITE with the To tag of no dialog has no call either, and a CANCEL none to cancel", async () => {
  for (const method of ["INVITE", "CANCEL"]) {
    const script = await gatewayScript();
    ask(script, method, { to: "<sip:+15550001111@198.51.100.2>;tag=nobody" });
    script.wire.expect(481);
    assert.equal(script.wire.next, undefined);
  }
});

for (const method of ["REGISTER", "SUBSCRIBE", "PUBLISH", "MESSAGE"]) {
  test(`${method} outside a dialog is known and not allowed`, async () => {
    const script = await gatewayScript();
    ask(script, method);
    const response = parsedResponse(script.wire.expect(405));
    assert.notEqual(response.toTag, "");
    assert.match(response.value("Allow") ?? "", /^INVITE, ACK,/);
  });
}

test("a method that nobody knows is not implemented", async () => {
  const script = await gatewayScript();
  ask(script, "DANCE");
  const response = parsedResponse(script.wire.expect(501));
  assert.match(response.value("Allow") ?? "", /^INVITE, ACK,/);
});

for (const [method, expected] of [
  ["INVITE", 416],
  ["OPTIONS", 416],
  ["REGISTER", 405],
  ["FROBNICATE", 501],
] as const) {
  test(`a carrier's ${method} to a tel URI gets ${expected}: the method is looked at first`, async () => {
    const script = await gatewayScript();
    ask(script, method, { requestUri: "tel:+15550001111" }, script.carrier);
    const response = parsedResponse(script.wire.expect(expected));
    assert.notEqual(response.toTag, "");
  });
}

test("a request in a dialog that nobody knows gets 481", async () => {
  const script = await gatewayScript();
  ask(script, "BYE", { toTag: "gone" });
  script.wire.expect(481);
});

test("draining: new calls and OPTIONS get 503 with Retry-After, and their reason", async () => {
  const script = await gatewayScript();
  assert.equal(script.gateway.core.isDraining, false);
  script.gateway.core.drain();
  assert.equal(script.gateway.core.isDraining, true);
  script.invite();
  const refusal = parsedResponse(script.wire.expect(503));
  assert.equal(refusal.reasonPhrase, "Gateway Draining");
  assert.equal(refusal.value("Retry-After"), "30");
  assert.match(refusal.value("Warning") ?? "", /^399 tandem "90005 draining;/);
  assert.equal(script.ledger.records[0]?.reason?.code, reasons.draining.code);
  ask(script, "OPTIONS", { branch: "z9hG4bK-2" });
  const options = parsedResponse(script.wire.expect(503));
  assert.equal(options.value("Retry-After"), "30");
  assert.match(options.value("Allow") ?? "", /^INVITE/);
});

test("draining is told once, when it is so", async () => {
  const { gateway } = await gatewayScript();
  const told: boolean[] = [];
  gateway.core.onDrain = () => told.push(gateway.core.isDraining);
  gateway.perform({ name: "drain", exitWhenIdle: false });
  gateway.core.drain();
  assert.deepEqual(told, [true]);
});

test("draining: calls that are up go on", async () => {
  const script = await gatewayScript();
  const call = answeredCall(script);
  script.gateway.core.drain();
  script.wire.inject(call.customerRequest("OPTIONS"), script.customer);
  script.wire.expect(200);
  script.wire.inject(call.customerRequest("BYE", 3), script.customer);
  script.wire.expect(200);
});

test("strangers get nothing over UDP and a closed connection over TCP and TLS", async () => {
  const script = await gatewayScript();
  for (const method of ["INVITE", "OPTIONS", "REGISTER", "BYE", "ACK"]) {
    ask(script, method, { requestUri: "sip:100@198.51.100.1" }, fromStranger());
  }
  script.wire.expectNothing();
  assert.deepEqual(script.wire.closedFlows, []);
  for (const protocol of ["TCP", "TLS"] as const) {
    const on = fromStranger(protocol);
    ask(script, "INVITE", { requestUri: "sip:100@198.51.100.1", transport: protocol }, on);
    assert.equal(script.wire.closedFlows.pop(), on);
  }
  script.wire.expectNothing();
  const { clientTransactions, serverTransactions } = script.gateway.counts();
  assert.deepEqual([clientTransactions, serverTransactions, script.ledger.records.length], [0, 0, 0]);
});

test("an unlisted address that knows a trunk gets bare answers, five a minute", async () => {
  const script = await gatewayScript();
  const on = fromStranger();
  ask(script, "OPTIONS", {}, on);
  const options = parsedResponse(script.wire.expect(200));
  assert.deepEqual(
    [options.has("Server"), options.has("Allow"), options.has("Accept")],
    [false, false, false],
  );
  ask(script, "INVITE", { branch: "z9hG4bK-2" }, on);
  const refusal = parsedResponse(script.wire.expect(403));
  assert.deepEqual(
    [refusal.has("Server"), refusal.has("Warning"), refusal.has("Reason")],
    [false, false, false],
  );
  assert.equal(refusal.value("Via"), "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-2;received=192.0.2.99");
  ask(script, "ACK", { branch: "z9hG4bK-2" }, on);
  script.wire.expectNothing();
  for (const index of [3, 4, 5]) {
    ask(script, "REGISTER", { branch: `z9hG4bK-${index}` }, on);
    script.wire.expect(403);
  }
  ask(script, "OPTIONS", { branch: "z9hG4bK-6" }, on);
  script.wire.expectNothing();
  assert.equal(script.gateway.counts()["serverTransactions"], 0);
  assert.deepEqual([script.ledger.records.length, script.ledger.alerts.length], [0, 0]);
});

test("without a snapshot everybody is a stranger", async () => {
  const script = await gatewayScript({ hasSnapshot: false });
  script.invite();
  ask(script, "OPTIONS");
  script.wire.expectNothing();
  script.gateway.applySnapshot(exampleSnapshot());
  ask(script, "OPTIONS", { branch: "z9hG4bK-2" });
  script.wire.expect(200);
});

test("a malformed request of a known source gets a 400 that names the fault", async () => {
  const script = await gatewayScript();
  const text = request("OPTIONS", toTrunk).replace("CSeq: 1 OPTIONS", "CSeq: 1 INVITE");
  script.wire.inject(text, script.customer);
  assert.match(script.wire.expect(400), /^SIP\/2\.0 400 .*CSeq/i);
});

test("what is no SIP message is dropped over UDP and closes a stream", async () => {
  const script = await gatewayScript();
  script.wire.inject("not SIP\r\n\r\n", script.customer);
  assert.deepEqual(script.wire.closedFlows, []);
  const tcp = flow("TCP", { interfaceName: "customers", remoteAddress: addresses.customer });
  script.wire.inject("not SIP\r\n\r\n", tcp);
  assert.deepEqual(script.wire.closedFlows, [tcp]);
  script.wire.expectNothing();
});

test("a stranger's CANCEL does not reach a call, the customer's does", async () => {
  const script = await gatewayScript();
  script.invite();
  script.wire.expect("INVITE");
  const cancel = request("CANCEL", {
    requestUri: `sip:+15557654321@${trunkHost}`,
    from: "<sip:+15550001111@acme.example>",
  });
  script.wire.inject(cancel, flow("UDP", { interfaceName: "carriers", remoteAddress: addresses.stranger }));
  script.wire.expectNothing();
  script.wire.inject(cancel, script.customer);
  script.wire.expect(200);
  script.wire.expect(487);
});

test("a customer's request in a dialog of ours needs no second admission", async () => {
  const script = await gatewayScript();
  const call = answeredCall(script);
  // Its Request-URI is our Contact, which names no trunk.
  script.wire.inject(call.customerRequest("BYE"), script.customer);
  script.wire.expect(200);
});

test("a BYE whose 200 was lost is answered again when its dialog is gone, from the same address only", async () => {
  const script = await gatewayScript();
  const call = answeredCall(script);
  const bye = call.customerRequest("BYE");
  script.wire.inject(bye, script.customer);
  const ok = script.wire.expect(200);
  script.wire.inject(responseTo(script.wire.expect("BYE"), 200), script.carrier);
  script.wire.inject(bye, script.customer);
  assert.equal(script.wire.expect(200), ok);
  script.wire.inject(bye, fromStranger());
  script.wire.expectNothing();
});

test("a request for a dialog that is gone does not cost a customer its connection", async () => {
  const script = await gatewayScript({ protocol: "TCP" });
  const gone = { requestUri: "sip:198.51.100.1:5060", toTag: "gone", transport: "TCP" } as const;
  ask(script, "OPTIONS", { requestUri: `sip:${trunkHost}`, transport: "TCP" }, script.customer);
  script.wire.expect(200);
  ask(script, "ACK", { ...gone, branch: "z9hG4bK-ack" }, script.customer);
  script.wire.expectNothing();
  ask(script, "BYE", { ...gone, branch: "z9hG4bK-bye" }, script.customer);
  script.wire.expect(481);
  assert.deepEqual(script.wire.closedFlows, []);
  ask(
    script,
    "OPTIONS",
    { requestUri: "sip:198.51.100.1", transport: "TCP", branch: "z9hG4bK-o" },
    script.customer,
  );
  assert.deepEqual(script.wire.closedFlows, [script.customer]);
});

test("a trunk with a password: challenge, then the call", async () => {
  const trunks = [exampleTrunk({ ipAccessControlListSids: [], credentialListSids: ["CL1"] })];
  const script = await gatewayScript({ snapshot: { trunks } });
  script.invite();
  script.wire.expect(407);
  assert.equal(script.gateway.calls.size, 0);
});

test("an INVITE that may not be forwarded any more gets 483 (RFC 3261 §16.3)", async () => {
  const script = await gatewayScript();
  script.invite({ maxForwards: 0 });
  const refused = parsedResponse(script.wire.expect(483));
  assert.equal(refused.reasonPhrase, "Too Many Hops");
  script.wire.expectNothing();
});

test("an INVITE that would take another's place is refused when it requires that, and a plain call when it does not", async () => {
  const script = await gatewayScript();
  const replaces = ["Replaces", "other-call;to-tag=1;from-tag=2"] as const;
  const body = { headerFields: [["Content-Type", "application/sdp"] as const, replaces] };
  script.invite(body);
  const placed = parsedRequest(script.wire.expect("INVITE"));
  assert.equal(placed.has("Replaces"), false, "nor is it told to the carrier");
  assert.doesNotMatch(placed.value("Supported") ?? "", /replaces/);
  script.invite({
    headerFields: [...body.headerFields, ["Require", "replaces"]],
    callId: "call-2",
    branch: "z9hG4bK-2",
  });
  assert.equal(parsedResponse(script.wire.expect(420)).value("Unsupported"), "replaces");
  script.gateway.endAllCalls();
});
