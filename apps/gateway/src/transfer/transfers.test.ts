import assert from "node:assert/strict";
import { test } from "node:test";
import type { SnapshotTrunk } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import {
  parsedRequest,
  parsedResponse,
  type RequestParts,
  request,
  response,
  responseTo,
} from "@tandem/sip/testing";
import { type AnsweredCall, answeredCall } from "../testing/answered-call.ts";
import { exampleTrunk, trunkHost } from "../testing/example-snapshot.ts";
import {
  answer,
  type GatewayScript,
  type GatewayScriptOptions,
  gatewayScript,
  offer,
} from "../testing/gateway-script.ts";
import { LedgerDouble } from "../testing/ledger-double.ts";

const contentType = ["Content-Type", "application/sdp"] as const;
const otherNumber = `<sip:+15557650000@${trunkHost}>`;

interface Scene extends GatewayScript {
  readonly call: AnsweredCall;
  /** A REFER of the customer, who called. */
  readonly refer: (
    to: string,
    fields?: readonly (readonly [string, string])[],
    sequenceNumber?: number,
  ) => void;
}

async function scene(trunk: Partial<SnapshotTrunk>, options: GatewayScriptOptions = {}): Promise<Scene> {
  const script = await gatewayScript({ snapshot: { trunks: [exampleTrunk(trunk)] }, ...options });
  const call = answeredCall(script);
  return { ...script, call, refer: (...parts) => refer(script, call, ...parts) };
}

function refer(
  { wire, customer }: GatewayScript,
  call: AnsweredCall,
  to: string,
  fields: readonly (readonly [string, string])[] = [],
  sequenceNumber = 2,
): void {
  const text = call.customerRequest("REFER", sequenceNumber);
  const rows = [["Refer-To", to] as const, ...fields].map(([name, value]) => `${name}: ${value}\r\n`);
  wire.inject(text.replace("Content-Length: 0\r\n", `${rows.join("")}Content-Length: 0\r\n`), customer);
}

function expectNotify(script: Scene, status: string): void {
  const text = script.wire.expect("NOTIFY");
  assert.equal(parsedRequest(text).body, `SIP/2.0 ${status}\r\n`);
  script.wire.inject(responseTo(text, 200), script.customer);
}

test("a trunk that transfers nobody declines, with its reason (32218)", async () => {
  const { wire, refer: send, ledger } = await scene({});
  send(otherNumber);
  const declined = parsedResponse(wire.expect(603));
  assert.match(
    declined.value("Warning") ?? "",
    /^399 tandem "32218 transfer-not-allowed; transfers are off on TK1"$/,
  );
  assert.equal(ledger.alerts.at(-1)?.code, reasons.transferNotAllowed.code);
  wire.expectNothing();
});

test("what the mode and the rules of transfers refuse", async () => {
  const table: readonly (readonly [mode: SnapshotTrunk["transferMode"], to: string, status: number])[] = [
    ["sip-only", otherNumber, 603],
    ["sip-only", "tel:+15557650000", 603],
    ["sip-only", "<sip:carol@10.1.2.3>", 603],
    ["sip-only", "<sip:+15557650000@203.0.113.7>", 603],
    ["enable-all", "<sip:+15557650000@203.0.113.7:5060>", 603],
    ["enable-all", `<sip:911@${trunkHost}>`, 603],
    ["enable-all", `<sip:5551212@${trunkHost}>`, 400],
    ["enable-all", "<http://example.com>", 416],
    ["enable-all", "<sip:198.51.100.1?Replaces=none%3Bto-tag%3D1%3Bfrom-tag%3D2>", 481],
  ];
  for (const [transferMode, to, status] of table) {
    const { wire, refer: send } = await scene(transferMode === undefined ? {} : { transferMode });
    send(to);
    wire.expect(status);
    wire.expectNothing();
  }
});

test("a carrier transfers nobody", async () => {
  const { wire, call, carrier } = await scene({ transferMode: "enable-all" });
  const text = call.carrierRequest("REFER");
  wire.inject(text.replace("Content-Length: 0", `Refer-To: ${otherNumber}\r\nContent-Length: 0`), carrier);
  wire.expect(603);
});

test("REFER outside a dialog is refused", async () => {
  const { wire, customer } = await scene({ transferMode: "enable-all" });
  const parts: RequestParts = {
    requestUri: `sip:+15557654321@${trunkHost}`,
    callId: "stray",
    branch: "z9hG4bK-stray",
  };
  wire.inject(request("REFER", { ...parts, headerFields: [["Refer-To", otherNumber]] }), customer);
  wire.expect(403);
});

/** The customer transfers its call to a number, and leaves. */
async function transferredToNumber(): Promise<Scene> {
  const one = await scene({ transferMode: "enable-all" });
  const { wire, carrier, customer, call } = one;
  one.refer(otherNumber);
  assert.equal(parsedResponse(wire.expect(202)).has("Refer-Sub"), false);
  expectNotify(one, "100 Trying");
  const invite = wire.expect("INVITE");
  assert.equal(one.gateway.calls.size, 2);
  const target = { headerFields: [contentType], body: answer, toTag: "carol" };
  wire.inject(responseTo(invite, 200, target), carrier);
  wire.expect("ACK");
  const media = wire.expect("INVITE");
  assert.equal(parsedRequest(media).callId, call.egressCallId);
  wire.inject(responseTo(media, 200, { headerFields: [contentType], body: answer }), carrier);
  wire.expect("ACK");
  expectNotify(one, "200 OK");
  assert.equal(parsedRequest(wire.expect("BYE")).callId, call.ingressCallId);
  wire.inject(response(200), customer);
  return one;
}

test("a transfer to a number goes by the carriers, with the transferee as the caller", async () => {
  const one = await scene({ transferMode: "enable-all" });
  one.refer(otherNumber);
  one.wire.expect(202);
  expectNotify(one, "100 Trying");
  const sent = parsedRequest(one.wire.expect("INVITE"));
  assert.match(sent.requestUri, /^sip:\+15557650000@/);
  assert.equal(sent.value("P-Asserted-Identity"), "<sip:+15557654321@tandem.test>");
  for (const name of ["Refer-To", "Refer-Sub", "Referred-By"]) assert.equal(sent.has(name), false);
});

test("the transfer is a call of its own: both records name each other", async () => {
  const { wire, carrier, call, ledger, gateway } = await transferredToNumber();
  const [child] = gateway.calls.list();
  assert.ok(child !== undefined);
  const { direction, status, callingNumber, calledNumber } = child;
  assert.deepEqual(
    [direction, status, callingNumber, calledNumber],
    ["termination", "in-progress", "+15557654321", "+15557650000"],
  );
  assert.ok(ledger.journalled.has(child.sid));
  wire.inject(call.carrierRequest("BYE", 9), carrier);
  wire.expect(200);
  wire.expect("BYE");
  const [parent, record] = ledger.records;
  assert.ok(parent !== undefined && record !== undefined);
  assert.deepEqual(
    [parent.sid, parent.transferredToCallSid, parent.parentCallSid],
    [call.callSid, child.sid, null],
  );
  assert.deepEqual(
    [record.parentCallSid, record.transferredToCallSid, record.releasedBy, record.statusCode],
    [call.callSid, null, "caller", 200],
  );
  assert.equal(record.ingressRemote, parent.attempts[0]?.remote);
  assert.equal(gateway.calls.size, 0);
});

test("the transferor as the caller where the trunk says so", async () => {
  const one = await scene({ transferMode: "enable-all", transferCallerId: "from-transferor" });
  one.refer("tel:+15557650000");
  one.wire.expect(202);
  expectNotify(one, "100 Trying");
  assert.equal(
    parsedRequest(one.wire.expect("INVITE")).value("P-Asserted-Identity"),
    "<sip:+15550001111@tandem.test>",
  );
});

test("a transfer that counts too much for the trunk is refused", async () => {
  const one = await scene({ transferMode: "enable-all", concurrentCalls: 1 });
  one.refer(otherNumber);
  assert.match(parsedResponse(one.wire.expect(503)).value("Warning") ?? "", /concurrency/);
});

test("one transfer at a time; the NOTIFYs of a later one say which it is (RFC 3515 §2.4.6)", async () => {
  const one = await scene({ transferMode: "enable-all" });
  one.refer(otherNumber);
  one.wire.expect(202);
  expectNotify(one, "100 Trying");
  const invite = one.wire.expect("INVITE");
  one.refer(otherNumber, [], 3);
  one.wire.expect(491);
  one.wire.inject(responseTo(invite, 486), one.carrier);
  one.wire.expect("ACK");
  expectNotify(one, "486 Busy Here");
  assert.equal(one.ledger.records[0]?.status, "busy");
  assert.equal(one.ledger.records[0]?.parentCallSid, one.call.callSid);
  one.refer(otherNumber, [], 4);
  one.wire.expect(202);
  assert.equal(parsedRequest(one.wire.expect("NOTIFY")).value("Event"), "refer;id=4");
});

test("a transfer to a SIP URI, with who referred and whose place is taken there", async () => {
  const one = await scene({ transferMode: "sip-only" });
  const to = "<sip:carol@203.0.113.50:5070?Replaces=x%40y%3Bto-tag%3D1%3Bfrom-tag%3D2>";
  one.refer(to, [
    ["Referred-By", "<sip:bob@acme.example>"],
    ["Refer-Sub", "false"],
  ]);
  const accepted = parsedResponse(one.wire.expect(202));
  assert.equal(accepted.value("Refer-Sub"), "false");
  const { text, target } = one.wire.expectSent("INVITE");
  assert.deepEqual(
    [target?.address, target?.port, target?.interfaceName],
    ["203.0.113.50", 5070, "customers"],
  );
  const sent = parsedRequest(text);
  assert.equal(sent.value("Referred-By"), "<sip:bob@acme.example>");
  assert.equal(sent.value("Replaces"), "x@y;to-tag=1;from-tag=2");
  assert.equal(sent.value("Require"), "replaces");
  assert.match(sent.value("Diversion") ?? "", /^<sip:\+15550001111@/);
  one.wire.inject(responseTo(text, 404), one.customer);
  one.wire.expect("ACK");
  one.wire.expectNothing();
  assert.equal(one.ledger.records[0]?.direction, "origination");
  assert.equal(one.ledger.records[0]?.calledNumber, "carol");
});

test("a transfer to a number that the account may not call is refused, and the call goes on", async () => {
  const one = await scene(
    { transferMode: "enable-all" },
    {
      snapshot: {
        trunks: [exampleTrunk({ transferMode: "enable-all" })],
        accounts: [
          {
            sid: "AC1",
            status: "active",
            compatibility: "tandem",
            dialingPermissions: { default: "protected", countries: {} },
          },
        ],
        destinations: {
          lowRiskPrefixes: [],
          highRiskSpecialPrefixes: ["+1900"],
          highRiskTollFraudPrefixes: [],
          blockedPrefixes: [],
          doNotOriginatePrefixes: [],
        },
      },
    },
  );
  for (const [index, target] of [`<sip:+19005550123@${trunkHost}>`, "<tel:+1-900-555-0123>"].entries()) {
    one.refer(target, [], 3 + index);
    const refused = parsedResponse(one.wire.expect(403));
    assert.equal(refused.reasonPhrase, "No International Permission");
    assert.match(refused.value("Warning") ?? "", /32205 destination-not-permitted/);
    one.wire.expectNothing();
  }
  one.refer(otherNumber, [], 5);
  one.wire.expect(202);
});

/** A second call of the same customer. */
function secondCall(script: Scene): {
  readonly callId: string;
  readonly ourTag: string;
  readonly egressCallId: string;
} {
  const { wire, customer, carrier } = script;
  const parts = { callId: "call-2", fromTag: "alice-2", branch: "z9hG4bK-second" };
  script.invite({ ...parts, requestUri: `sip:+15557650000@${trunkHost}` });
  const egress = wire.expect("INVITE");
  wire.inject(
    responseTo(egress, 200, { headerFields: [contentType], body: answer, toTag: "carol" }),
    carrier,
  );
  wire.expect("ACK");
  const ourTag = parsedResponse(wire.expect(200)).toTag;
  const ack = { ...parts, toTag: ourTag, branch: "z9hG4bK-second-ack", requestUri: "sip:198.51.100.1:5060" };
  wire.inject(request("ACK", ack), customer);
  wire.expectNothing();
  return { callId: "call-2", ourTag, egressCallId: parsedRequest(egress).callId };
}

function replacing({ callId, ourTag }: { callId: string; ourTag: string }, isSwapped = false): string {
  const [to, from] = isSwapped ? ["alice-2", ourTag] : [ourTag, "alice-2"];
  return `<sip:198.51.100.1:5060?Replaces=${callId}%3Bto-tag%3D${to}%3Bfrom-tag%3D${from}>`;
}

test("attended transfer: the other sides of both calls are joined, and three records say so (RFC 5589 §7)", async () => {
  for (const isSwapped of [false, true]) {
    const one = await scene({ transferMode: "enable-all" });
    const { wire, carrier, customer, call, ledger, gateway, relay } = one;
    const second = secondCall(one);
    const secondSid = gateway.calls.list()[1]?.sid;
    one.refer(replacing(second, isSwapped));
    wire.expect(202);
    expectNotify(one, "100 Trying");
    const asked = wire.expect("INVITE");
    assert.equal(parsedRequest(asked).callId, call.egressCallId);
    assert.equal(parsedRequest(asked).body, "");
    wire.inject(responseTo(asked, 200, { headerFields: [contentType], body: answer }), carrier);
    const offered = wire.expect("INVITE");
    assert.equal(parsedRequest(offered).callId, second.egressCallId);
    assert.match(parsedRequest(offered).body, /^m=audio 10006 /m);
    wire.inject(
      responseTo(offered, 200, { headerFields: [contentType], body: answer.replace("6000", "6600") }),
      carrier,
    );
    wire.expect("ACK");
    const ack = parsedRequest(wire.expect("ACK"));
    assert.equal(ack.callId, call.egressCallId);
    assert.match(ack.body, /^m=audio 10002 /m);
    const [, first, , other] = relay.endpoints;
    assert.equal(first?.partner, other);
    expectNotify(one, "200 OK");
    for (const callId of [call.ingressCallId, second.callId]) {
      assert.equal(parsedRequest(wire.expect("BYE")).callId, callId);
      wire.inject(response(200), customer);
    }
    const child = gateway.calls.list()[0];
    assert.deepEqual(
      ledger.records.map(({ sid, transferredToCallSid }) => [sid, transferredToCallSid]),
      [
        [call.callSid, child?.sid],
        [secondSid, child?.sid],
      ],
    );
    assert.deepEqual([child?.callingNumber, child?.calledNumber], ["+15557654321", "+15557650000"]);
    wire.inject(call.carrierRequest("BYE", 9), carrier);
    wire.expect(200);
    assert.equal(parsedRequest(wire.expect("BYE")).callId, second.egressCallId);
    const record = ledger.records[2];
    assert.deepEqual([record?.parentCallSid, record?.replacedCallSid], [call.callSid, secondSid]);
    assert.equal(gateway.calls.size, 0);
    assert.equal(relay.counts().open, 0);
  }
});

test("attended transfer that the other one refuses: both calls go on", async () => {
  const one = await scene({ transferMode: "enable-all" });
  const { wire, carrier, gateway } = one;
  const second = secondCall(one);
  one.refer(replacing(second));
  wire.expect(202);
  expectNotify(one, "100 Trying");
  wire.inject(responseTo(wire.expect("INVITE"), 200, { headerFields: [contentType], body: answer }), carrier);
  wire.inject(responseTo(wire.expect("INVITE"), 488), carrier);
  wire.expect("ACK");
  assert.match(parsedRequest(wire.expect("ACK")).body, /^m=audio 10002 /m);
  expectNotify(one, "488 Not Acceptable Here");
  wire.expectNothing();
  assert.equal(gateway.calls.size, 2);
  const [ingress, egress] = one.relay.endpoints;
  assert.equal(ingress?.partner, egress);
});

test("one of both hangs up meanwhile: the transfer is off, the other call goes on", async () => {
  const one = await scene({ transferMode: "enable-all" });
  const { wire, carrier, call, gateway, ledger } = one;
  const second = secondCall(one);
  one.refer(replacing(second));
  wire.expect(202);
  expectNotify(one, "100 Trying");
  const asked = wire.expect("INVITE");
  wire.inject(call.carrierRequest("BYE", 9), carrier);
  wire.expect(200);
  wire.expect("BYE");
  assert.equal(parsedRequest(wire.expect("NOTIFY")).body, "SIP/2.0 487 Request Terminated\r\n");
  wire.inject(responseTo(asked, 200, { headerFields: [contentType], body: answer }), carrier);
  wire.expect("ACK");
  wire.expectNothing();
  assert.equal(gateway.calls.size, 1);
  assert.deepEqual(
    ledger.records.map(({ sid, transferredToCallSid }) => [sid === call.callSid, transferredToCallSid]),
    [
      [false, null],
      [true, null],
    ],
  );
});

test("attended transfer is one to the telephone network: not with sip-only", async () => {
  const one = await scene({ transferMode: "sip-only" });
  const second = secondCall(one);
  one.refer(replacing(second));
  one.wire.expect(603);
});

test("a call that was taken over after a restart is transferred too", async () => {
  const trunks = [exampleTrunk({ transferMode: "enable-all" })];
  const first = await gatewayScript({ snapshot: { trunks } });
  const call = answeredCall(first);
  const ledger = new LedgerDouble();
  ledger.recovered = [{ callSid: call.callSid, text: first.ledger.journalled.get(call.callSid) ?? "" }];
  const second = await gatewayScript({ snapshot: { trunks }, ledger });
  second.gateway.recover();
  refer(second, call, otherNumber);
  second.wire.expect(202);
  second.wire.inject(responseTo(second.wire.expect("NOTIFY"), 200), second.customer);
  const invite = second.wire.expect("INVITE");
  // What the customer was shown is not in the journal: the target makes the offer.
  assert.equal(parsedRequest(invite).body, "");
  second.wire.inject(
    responseTo(invite, 200, { headerFields: [contentType], body: offer, toTag: "carol" }),
    second.carrier,
  );
  const asked = second.wire.expect("INVITE");
  assert.equal(parsedRequest(asked).callId, call.egressCallId);
});

test("Replaces that is for early dialogs only takes nobody's place in a call that is answered (RFC 3891 §3)", async () => {
  const one = await scene({ transferMode: "enable-all" });
  const second = secondCall(one);
  one.refer(replacing(second).replace(">", "%3Bearly-only>"));
  one.wire.expect(481);
  one.wire.expectNothing();
  assert.equal(one.gateway.calls.size, 2);
});
