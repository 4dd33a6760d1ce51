import assert from "node:assert/strict";
import { test } from "node:test";
import type { SnapshotCarrier } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import { parsedRequest, parsedResponse, request, response, responseTo } from "@tandem/sip/testing";
import { answeredCall } from "../testing/answered-call.ts";
import {
  addresses,
  exampleCarrier,
  exampleGateway,
  exampleTrunk,
  exampleUrl,
  trunkHost,
} from "../testing/example-snapshot.ts";
import { answer, type GatewayScript, gatewayScript } from "../testing/gateway-script.ts";

const carriers = (changes: Partial<SnapshotCarrier>) => ({
  snapshot: { carriers: [exampleCarrier(changes)] },
});

function alertsOf({ ledger }: GatewayScript): (string | number)[][] {
  return ledger.alerts.map((alert) => [alert.code, alert.text]);
}

test("the placed INVITE: one hop less, by the carriers' interface, to the carrier", async () => {
  const script = await gatewayScript();
  script.invite({ maxForwards: 20 });
  const { text, target } = script.wire.expectSent("INVITE");
  assert.equal(parsedRequest(text).maxForwards(), 19);
  assert.deepEqual(parsedRequest(text).values("Max-Breadth"), ["60"]);
  assert.deepEqual(
    [target?.interfaceName, target?.protocol, target?.address, target?.port],
    ["carriers", "UDP", "203.0.113.7", 5060],
  );
});

test("the caller's Max-Breadth goes whole to each candidate, one after the other (RFC 5393)", async () => {
  const gateways = [
    exampleGateway(),
    exampleGateway({ sid: "CG2", sipUrl: "sip:203.0.113.8:5060", priority: 20 }),
  ];
  const script = await gatewayScript(carriers({ gateways }));
  const headerFields = [
    ["Content-Type", "application/sdp"],
    ["Max-Breadth", "7"],
  ] as const;
  script.invite({ headerFields });
  const first = script.wire.expect("INVITE");
  assert.deepEqual(parsedRequest(first).values("Max-Breadth"), ["7"]);
  script.wire.inject(responseTo(first, 500), script.carrier);
  script.wire.expect("ACK");
  assert.deepEqual(parsedRequest(script.wire.expect("INVITE")).values("Max-Breadth"), ["7"]);
});

test("a call is found by the Call-ID of either leg, and of an attempt that failed", async () => {
  const gateways = [
    exampleGateway(),
    exampleGateway({ sid: "CG2", sipUrl: "sip:203.0.113.8:5060", priority: 20 }),
  ];
  const script = await gatewayScript(carriers({ gateways }));
  script.invite();
  const first = script.wire.expect("INVITE");
  script.wire.inject(responseTo(first, 500), script.carrier);
  script.wire.expect("ACK");
  const second = script.wire.expect("INVITE");
  const { calls } = script.gateway;
  const [sid] = calls.all().map(({ callSid }) => callSid);
  const [failed, current] = [first, second].map((text) => parsedRequest(text).callId);
  assert.notEqual(failed, current);
  const found = [calls.list()[0]?.sid, failed, current, "another"].map(
    (id) => calls.bySipCallId(id ?? "")?.callSid,
  );
  assert.deepEqual(found, [undefined, sid, sid, undefined]);
});

test("a call in set-up and up: what live-calls says", async () => {
  const script = await gatewayScript();
  script.invite();
  const [ringing] = script.gateway.calls.list();
  assert.match(ringing?.sid ?? "", /^CA[0-9a-f]{32}$/);
  assert.deepEqual(ringing, {
    sid: ringing?.sid,
    direction: "termination",
    accountSid: "AC1",
    trunkSid: "TK1",
    callingNumber: "+15550001111",
    calledNumber: "+15557654321",
    status: "ringing",
    setupAtMs: script.clock.wallMs(),
    answeredAtMs: null,
  });
  const other = await gatewayScript();
  answeredCall(other);
  const [up] = other.gateway.calls.list();
  assert.deepEqual([up?.status, up?.answeredAtMs], ["in-progress", other.clock.wallMs()]);
});

test("the journal is on disk before the 200 is passed on", async () => {
  const script = await gatewayScript();
  const { ledger, wire } = script;
  ledger.isHeld = true;
  script.invite();
  wire.expect("INVITE");
  wire.inject(
    response(200, { headerFields: [["Content-Type", "application/sdp"]], body: answer }),
    script.carrier,
  );
  assert.equal(ledger.journalled.size, 1);
  wire.expect("ACK");
  wire.expectNothing();
  ledger.release();
  wire.expect(200);
});

test("a call that was up leaves a record and no alert, and is forgotten", async () => {
  const script = await gatewayScript();
  const { wire, ledger, gateway, relay } = script;
  const call = answeredCall(script);
  script.clock.advance(10_000);
  wire.inject(call.customerRequest("BYE"), script.customer);
  wire.expect(200);
  const bye = parsedRequest(wire.expect("BYE"));
  assert.equal(bye.value("X-Tandem-CallSid"), call.callSid);
  const [record, ...more] = ledger.records;
  assert.ok(record !== undefined);
  assert.deepEqual(more, []);
  assert.deepEqual(
    {
      sid: record.sid,
      status: record.status,
      releasedBy: record.releasedBy,
      statusCode: record.statusCode,
      reason: record.reason,
      carrierSid: record.carrierSid,
      phoneNumberSid: record.phoneNumberSid,
      egressSipCallId: record.egressSipCallId,
      attempts: record.attempts.map((attempt) => [attempt.candidateSid, attempt.result, attempt.remote]),
      durationMs: (record.releasedAtMs ?? 0) - (record.answeredAtMs ?? 0),
      adopted: record.adopted,
    },
    {
      sid: call.callSid,
      status: "completed",
      releasedBy: "caller",
      statusCode: 200,
      reason: null,
      carrierSid: "CR1",
      phoneNumberSid: "PN1",
      egressSipCallId: call.egressCallId,
      attempts: [["CG1", "answered", "UDP 203.0.113.7:5060"]],
      durationMs: 10_000,
      adopted: false,
    },
  );
  assert.deepEqual(ledger.alerts, []);
  assert.equal(ledger.journalled.size, 0);
  assert.deepEqual([gateway.calls.size, relay.counts().open], [0, 0]);
});

test("media are marked as the trunk says towards the customer, and not towards the carrier", async () => {
  for (const direction of ["termination", "origination"] as const) {
    const trunk = exampleTrunk({
      mediaDscp: 34,
      originationUrls: [exampleUrl({ sipUrl: "sip:192.0.2.20" })],
    });
    const script = await gatewayScript({ snapshot: { trunks: [trunk] } });
    if (direction === "termination") script.invite();
    else script.carrierInvite();
    script.wire.expectSent("INVITE");
    const marks = script.relay.endpoints.map(({ policy }) => policy?.dscp);
    assert.deepEqual(marks, direction === "termination" ? [34, undefined] : [undefined, 34], direction);
  }
});

test("a calling number of another account is no phone number of this one", async () => {
  const script = await gatewayScript();
  script.invite({ from: "<sip:+15550003333@acme.example>" });
  script.wire.expect("INVITE");
  script.wire.inject(response(486), script.carrier);
  script.wire.expect("ACK");
  script.wire.expect(486);
  assert.equal(script.ledger.records[0]?.phoneNumberSid, null);
});

test("a call counts for its trunk from the first INVITE until it has ended", async () => {
  const script = await gatewayScript({ snapshot: { trunks: [exampleTrunk({ concurrentCalls: 1 })] } });
  const { wire, invite } = script;
  invite();
  wire.expect("INVITE");
  invite({ callId: "call-2", branch: "z9hG4bK-2" });
  assert.match(wire.expect(503), /Trunk concurrent call limit exceeded/);
  script.gateway.endAllCalls();
  wire.ignoreSent();
  invite({ callId: "call-3", branch: "z9hG4bK-3" });
  wire.expect("INVITE");
});

test("each failed attempt raises one alert with URL and response; a callee that is busy is otherwise none", async () => {
  const script = await gatewayScript();
  script.invite();
  script.wire.expect("INVITE");
  script.wire.inject(response(486), script.carrier);
  script.wire.expect("ACK");
  assert.equal(parsedResponse(script.wire.expect(486)).reasonPhrase, "Busy Here");
  assert.deepEqual(alertsOf(script), [
    [reasons.carrierAttemptFailed.code, "sip:203.0.113.7:5060: 486 Busy Here"],
  ]);
  assert.equal(script.ledger.alerts[0]?.callSid, script.ledger.records[0]?.sid);
  assert.equal(script.ledger.records[0]?.status, "busy");
});

test("attempts of an origination are the customer's to look at", async () => {
  const script = await gatewayScript();
  script.carrierInvite();
  script.wire.expect("INVITE");
  script.wire.inject(response(486), script.customer);
  script.wire.expect("ACK");
  script.wire.expect(486);
  assert.deepEqual(alertsOf(script), [[32011, "sip:192.0.2.20:5080: 486 Busy Here"]]);
  const [record] = script.ledger.records;
  assert.deepEqual(
    [
      record?.direction,
      record?.carrierSid,
      record?.phoneNumberSid,
      record?.callingNumber,
      record?.calledNumber,
    ],
    ["origination", "CR1", "PN1", "+442071838750", "+15550001111"],
  );
});

test("an attempt without a response says what was missing", async () => {
  const script = await gatewayScript();
  script.invite();
  script.clock.advance(4000);
  assert.deepEqual(alertsOf(script)[0], [
    reasons.carrierAttemptFailed.code,
    "sip:203.0.113.7:5060: no response in time",
  ]);
});

test("a caller who gives up raises no alert", async () => {
  const script = await gatewayScript();
  const text = script.invite();
  script.wire.expect("INVITE");
  const cancel = request("CANCEL", {
    requestUri: `sip:+15557654321@${trunkHost}`,
    from: "<sip:+15550001111@acme.example>",
  });
  assert.ok(text.includes("z9hG4bK-alice-1"));
  script.wire.inject(cancel, script.customer);
  script.wire.expect(200);
  script.wire.expect(487);
  const [record] = script.ledger.records;
  assert.deepEqual([record?.status, record?.releasedBy, record?.statusCode], ["canceled", "caller", 487]);
  assert.deepEqual(script.ledger.alerts, []);
});

test("nor does one whose INVITE expires, and its record says so (RFC 3261 §13.3.1)", async () => {
  const script = await gatewayScript();
  const type = ["Content-Type", "application/sdp"] as const;
  script.invite({ headerFields: [type, ["Expires", "10"]] });
  assert.match(script.wire.expect("INVITE"), /^Expires: 10\r$/m);
  script.wire.inject(response(100), script.carrier);
  script.clock.advance(9999);
  assert.equal(script.ledger.records.length, 0);
  script.clock.advance(1);
  const [record] = script.ledger.records;
  assert.deepEqual(
    [record?.status, record?.releasedBy, record?.statusCode, record?.reason?.code],
    ["canceled", "exchange", 487, reasons.invitationExpired.code],
  );
  assert.deepEqual(script.ledger.alerts, []);
});

test("an operator who hangs up raises no alert, a limit that ends a call does", async () => {
  const script = await gatewayScript();
  const call = answeredCall(script);
  const result = script.gateway.perform({ name: "hang-up", callSid: call.callSid });
  assert.deepEqual(result, { ok: true, name: "hang-up", found: true });
  script.wire.expect("BYE");
  script.wire.expect("BYE");
  assert.equal(script.ledger.records[0]?.releasedBy, "operator");
  assert.deepEqual(script.ledger.alerts, []);

  const limited = await gatewayScript({
    snapshot: { trunks: [exampleTrunk({ maximumDurationSeconds: 60 })] },
  });
  answeredCall(limited);
  limited.clock.advance(59_999);
  limited.wire.expectNothing();
  limited.clock.advance(1);
  limited.wire.expect("BYE");
  assert.deepEqual(alertsOf(limited), [[32015, reasons.maximumDurationReached.text]]);
  assert.equal(limited.ledger.records[0]?.releasedBy, "exchange");
});

test("silence of both sides ends a call after the configured time, 300 s without", async () => {
  for (const [mediaInactivitySeconds, afterMs] of [
    [undefined, 300_000],
    [20, 20_000],
  ] as const) {
    const configuration = mediaInactivitySeconds === undefined ? {} : { mediaInactivitySeconds };
    const script = await gatewayScript({ configuration });
    answeredCall(script);
    script.clock.advance(afterMs - 1);
    script.wire.expectNothing();
    script.clock.advance(1);
    script.wire.expect("BYE");
    assert.equal(script.ledger.alerts[0]?.code, 32014);
  }
});

test("media: the customer's leg by the trunk's policy, the carrier's by the carrier's", async () => {
  const script = await gatewayScript();
  answeredCall(script);
  const policies = script.relay.endpoints.map(({ mediaInterface, policy }) => [mediaInterface, policy]);
  assert.deepEqual(policies, [
    ["customers", { source: "symmetric", signalingAddress: addresses.customer, trustedNetworks: [] }],
    ["carriers", { source: "strict", signalingAddress: undefined, trustedNetworks: ["203.0.113.0/24"] }],
  ]);
});

test("media of an origination: the carrier's leg is the ingress", async () => {
  const script = await gatewayScript();
  script.carrierInvite();
  const [ingress] = script.relay.endpoints;
  assert.equal(ingress?.mediaInterface, "carriers");
  assert.deepEqual(ingress?.policy, {
    source: "strict",
    signalingAddress: addresses.carrier,
    trustedNetworks: ["203.0.113.0/24"],
  });
});

test("health hears of each attempt: a gateway that refused the connection is tried last next time", async () => {
  const gateways = [
    exampleGateway({ priority: 1 }),
    exampleGateway({ sid: "CG2", sipUrl: "sip:203.0.113.8", priority: 2 }),
  ];
  const script = await gatewayScript(carriers({ gateways }));
  script.invite();
  assert.equal(script.wire.expectSent("INVITE").target?.address, "203.0.113.7");
  script.wire.fail();
  assert.equal(script.wire.expectSent("INVITE").target?.address, "203.0.113.8");
  script.invite({ callId: "call-2", branch: "z9hG4bK-2" });
  assert.equal(script.wire.expectSent("INVITE").target?.address, "203.0.113.8");
});

test("a callee who lets it ring is no dead target", async () => {
  const gateways = [
    exampleGateway({ priority: 1 }),
    exampleGateway({ sid: "CG2", sipUrl: "sip:203.0.113.8", priority: 2 }),
  ];
  const script = await gatewayScript(carriers({ gateways }));
  for (const index of [1, 2, 3]) {
    script.invite({ callId: `call-${index}`, branch: `z9hG4bK-${index}` });
    assert.equal(script.wire.expectSent("INVITE").target?.address, "203.0.113.7");
    script.wire.inject(response(180), script.carrier);
    script.wire.expect(180);
    script.clock.advance(179_999);
    script.wire.ignoreSent();
    script.clock.advance(1);
    script.wire.expect("CANCEL");
    script.wire.ignoreSent();
  }
});

test("origination URLs are tried in turn, with the dialled number", async () => {
  const originationUrls = [
    exampleUrl({ priority: 1 }),
    exampleUrl({ sid: "OU2", sipUrl: "sip:192.0.2.21", priority: 2 }),
  ];
  const script = await gatewayScript({ snapshot: { trunks: [exampleTrunk({ originationUrls })] } });
  script.carrierInvite();
  assert.match(script.wire.expect("INVITE"), /^INVITE sip:\+15550001111@192\.0\.2\.20:5080 SIP/);
  script.wire.inject(response(503), script.customer);
  script.wire.expect("ACK");
  assert.match(script.wire.expect("INVITE"), /^INVITE sip:\+15550001111@192\.0\.2\.21 SIP/);
});
