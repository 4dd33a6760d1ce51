import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { RelayDouble } from "@tandem/media/testing";
import { reasons } from "@tandem/reasons";
import { parsedRequest, response } from "@tandem/sip/testing";
import { type AnsweredCall, type AnsweredCallFields, answeredCall } from "../testing/answered-call.ts";
import { exampleTrunk } from "../testing/example-snapshot.ts";
import {
  answer,
  type GatewayScript,
  type GatewayScriptOptions,
  gatewayScript,
  offer,
} from "../testing/gateway-script.ts";
import { LedgerDouble } from "../testing/ledger-double.ts";
import type { CallJournal } from "./call-journal.ts";
import type { Recovery } from "./recovery.ts";

interface Restarted extends GatewayScript {
  readonly call: AnsweredCall;
  readonly recovery: Recovery;
  /** The journal entry that the first life left. */
  readonly journal: CallJournal;
}

/** A call that was up when its gateway died; `change` is what happens to its journal entry meanwhile. */
async function restarted(
  options: GatewayScriptOptions = {},
  change: (text: string) => string = (text) => text,
  fields: AnsweredCallFields = {},
): Promise<Restarted> {
  const first = await gatewayScript(options);
  const call = answeredCall(first, fields);
  const text = first.ledger.journalled.get(call.callSid) ?? "";
  const ledger = new LedgerDouble();
  ledger.recovered = [{ callSid: call.callSid, text: change(text) }];
  ledger.journalled.set(call.callSid, change(text));
  const second = await gatewayScript({ ...options, ledger });
  const recovery = second.gateway.recover();
  return { ...second, call, recovery, journal: JSON.parse(text) as CallJournal };
}

test("a call that was up goes on: it is there, on the same ports, and nothing is sent", async () => {
  const { recovery, gateway, relay, wire, call, journal } = await restarted();
  assert.deepEqual(recovery, { adopted: 1, closed: 0 });
  assert.deepEqual(
    relay.endpoints.map(({ localPort, partner }) => [localPort, partner?.localPort]),
    [
      [10_000, 10_002],
      [10_002, 10_000],
    ],
  );
  wire.expectNothing();
  assert.deepEqual(gateway.calls.list(), [
    {
      sid: call.callSid,
      direction: "termination",
      accountSid: "AC1",
      trunkSid: "TK1",
      callingNumber: "+15550001111",
      calledNumber: "+15557654321",
      status: "in-progress",
      setupAtMs: journal.facts.setupAtMs,
      answeredAtMs: journal.facts.answeredAtMs,
    },
  ]);
});

test("the caller hangs up: the callee gets its BYE with a CSeq 1000 further on, the record says adopted", async () => {
  const { wire, call, customer, ledger, gateway, relay, journal } = await restarted();
  wire.inject(call.customerRequest("BYE"), customer);
  wire.expect(200);
  const bye = parsedRequest(wire.expect("BYE"));
  const { localSequenceNumber } = journal.egress.dialog;
  assert.equal(bye.cseqNumber, localSequenceNumber + 1001);
  assert.equal(bye.callId, call.egressCallId);
  assert.equal(bye.value("X-Tandem-CallSid"), call.callSid);
  const [record] = ledger.records;
  assert.deepEqual(
    [record?.sid, record?.adopted, record?.status, record?.releasedBy, record?.statusCode, record?.q850Cause],
    [call.callSid, true, "completed", "caller", 200, 16],
  );
  assert.equal(record?.attempts[0]?.result, "answered");
  assert.equal(ledger.journalled.size, 0);
  assert.deepEqual([gateway.calls.size, relay.counts().open], [0, 0]);
});

test("the clock was set back between two lives: an adopted call has lasted no less than it has since then", async () => {
  const clock = new HandClock({ monotonicMs: 1_000_000 });
  let isSet = false;
  const { wire, call, customer, ledger } = await restarted({ clock }, (text) => {
    if (!isSet) clock.setWall(-3_600_000);
    isSet = true;
    return text;
  });
  clock.advance(5000);
  wire.inject(call.customerRequest("BYE"), customer);
  const [record] = ledger.records;
  assert.equal((record?.releasedAtMs ?? 0) - (record?.answeredAtMs ?? 0), 5000);
});

test("the callee hangs up: the caller gets its BYE", async () => {
  const { wire, call, carrier, ledger } = await restarted();
  wire.inject(call.carrierRequest("BYE"), carrier);
  wire.expect(200);
  assert.equal(parsedRequest(wire.expect("BYE")).callId, call.ingressCallId);
  assert.equal(ledger.records[0]?.releasedBy, "callee");
});

test("an operator may still hang up, and a fault still ends it", async () => {
  const one = await restarted();
  one.gateway.perform({ name: "hang-up", callSid: one.call.callSid });
  one.wire.expect("BYE");
  one.wire.expect("BYE");
  assert.equal(one.ledger.records[0]?.releasedBy, "operator");
  assert.equal(one.gateway.calls.listEnded()[0]?.status, "completed");
  const two = await restarted();
  two.gateway.calls.bySipCallId(two.call.egressCallId)?.fail(new Error("planted"));
  two.wire.expect("BYE");
  two.wire.expect("BYE");
  assert.equal(two.ledger.records[0]?.reason?.code, reasons.internalError.code);
  assert.equal(two.faults.length, 1);
});

test("media that breaks while an adopted call ends keeps it from nothing", async () => {
  const { relay, wire, call, customer, ledger, gateway, faults } = await restarted();
  const broken = relay.endpoints[0];
  assert.ok(broken !== undefined);
  broken.close = () => {
    throw new Error("planted in close");
  };
  wire.inject(call.customerRequest("BYE"), customer);
  wire.expect(200);
  wire.expect("BYE");
  assert.equal(ledger.records[0]?.releasedBy, "caller");
  assert.equal(gateway.calls.size, 0);
  assert.equal(faults.length, 1);
});

test("its media statistics are in the record", async () => {
  const { relay, wire, call, customer, ledger } = await restarted();
  relay.endpoints[0]?.receive(3);
  relay.endpoints[1]?.receive(5);
  const [ingress, egress] = relay.endpoints;
  assert.ok(ingress && egress);
  ingress.received = { ...ingress.received, events: 4 };
  egress.received = { ...egress.received, events: 1 };
  wire.inject(call.customerRequest("BYE"), customer);
  const media = ledger.records[0]?.media;
  assert.deepEqual([media?.fromIngress.packets, media?.fromEgress.packets], [3, 5]);
  assert.deepEqual([media?.fromIngress.events, media?.fromEgress.events], [4, 1]);
});

test("a re-INVITE of an adopted call is journalled again before it is answered", async () => {
  const { wire, call, customer, carrier, ledger } = await restarted();
  const before = ledger.journalled.get(call.callSid);
  const reoffer =
    "v=0\r\no=- 1 2 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\nm=audio 4100 RTP/AVP 0\r\n";
  const text = call.customerRequest("INVITE");
  const withOffer = text.replace(
    "Content-Length: 0\r\n\r\n",
    `Contact: <sip:alice@192.0.2.1:5060>\r\nContent-Type: application/sdp\r\nContent-Length: ${reoffer.length}\r\n\r\n${reoffer}`,
  );
  ledger.isHeld = true;
  wire.inject(withOffer, customer);
  wire.expect(100);
  wire.expect("INVITE");
  wire.inject(
    response(200, {
      headerFields: [["Content-Type", "application/sdp"]],
      body: reoffer.replace("4100", "6100"),
    }),
    carrier,
  );
  wire.expect("ACK");
  wire.expectNothing();
  const after = JSON.parse(ledger.journalled.get(call.callSid) ?? "") as CallJournal;
  assert.notEqual(JSON.stringify(after), before);
  assert.equal(after.ingress.dialog.remoteSequenceNumber, 2);
  ledger.release();
  wire.expect(200);
});

test("an ACK that brings the answer is carried over (RFC 3264 §4, an offer in the 200)", async () => {
  const { wire, call, customer, carrier } = await restarted();
  const contact = "Contact: <sip:alice@192.0.2.1:5060>\r\nContent-Length: 0\r\n\r\n";
  wire.inject(call.customerRequest("INVITE").replace("Content-Length: 0\r\n\r\n", contact), customer);
  wire.expect(100);
  assert.equal(parsedRequest(wire.expect("INVITE")).body, "");
  const sdp = { headerFields: [["Content-Type", "application/sdp"]] as const, body: answer };
  wire.inject(response(200, sdp), carrier);
  wire.expect(200);
  wire.expectNothing();
  const body = `Content-Type: application/sdp\r\nContent-Length: ${offer.length}\r\n\r\n${offer}`;
  wire.inject(call.customerRequest("ACK").replace("Content-Length: 0\r\n\r\n", body), customer);
  const ack = parsedRequest(wire.expect("ACK"));
  assert.equal(ack.callId, call.egressCallId);
  assert.match(ack.body, /m=audio 10002 RTP\/AVP 0/);
});

test("what is left of the maximum duration is left of it", async () => {
  const first = await gatewayScript({ snapshot: { trunks: [exampleTrunk({ maximumDurationSeconds: 60 })] } });
  const call = answeredCall(first);
  const text = first.ledger.journalled.get(call.callSid) ?? "";
  for (const [downMs, leftMs] of [
    [20_000, 40_000],
    [90_000, 0],
  ] as const) {
    const clock = new HandClock({ wallMs: first.clock.wallMs() + downMs });
    const ledger = new LedgerDouble();
    ledger.recovered = [{ callSid: call.callSid, text }];
    const second = await gatewayScript({ ledger, clock });
    second.gateway.recover();
    if (leftMs > 0) second.clock.advance(leftMs - 1);
    second.wire.expectNothing();
    second.clock.advance(1);
    second.wire.expect("BYE");
    assert.equal(ledger.records[0]?.reason?.code, 32015);
  }
});

test("an adopted call counts for its trunk", async () => {
  const { invite, wire } = await restarted({ snapshot: { trunks: [exampleTrunk({ concurrentCalls: 1 })] } });
  invite({ callId: "call-9", branch: "z9hG4bK-9" });
  assert.match(wire.expect(503), /Trunk concurrent call limit exceeded/);
});

test("ports that can't be had again: the call is closed with a record", async () => {
  const relay = new RelayDouble();
  const first = await gatewayScript();
  const call = answeredCall(first);
  const ledger = new LedgerDouble();
  ledger.recovered = [{ callSid: call.callSid, text: first.ledger.journalled.get(call.callSid) ?? "" }];
  relay.openEndpoint({ mediaInterface: "customers", kind: "rtp" });
  const second = await gatewayScript({ ledger, relay });
  assert.deepEqual(second.gateway.recover(), { adopted: 0, closed: 1 });
  assert.equal(second.gateway.calls.size, 0);
  assert.equal(relay.counts().open, 1);
  const [record] = ledger.records;
  assert.deepEqual(
    [
      record?.sid,
      record?.adopted,
      record?.releasedBy,
      record?.reason?.code,
      record?.q850Cause,
      record?.status,
    ],
    [
      call.callSid,
      true,
      "exchange",
      reasons.gatewayRestarted.code,
      reasons.gatewayRestarted.q850Cause ?? 41,
      "completed",
    ],
  );
  assert.equal(record?.releasedAtMs, second.clock.wallMs());
});

test("the clock was set back between two lives: a call that can't go on ended no earlier than it was answered", async () => {
  const clock = new HandClock({ monotonicMs: 1_000_000 });
  let isSet = false;
  const { recovery, ledger } = await restarted({ clock }, (text) => {
    if (!isSet) clock.setWall(-3_600_000);
    isSet = true;
    return JSON.stringify({ ...(JSON.parse(text) as CallJournal), egress: null });
  });
  assert.deepEqual(recovery, { adopted: 0, closed: 1 });
  const [record] = ledger.records;
  assert.equal(record?.releasedAtMs, record?.answeredAtMs);
});

const unreadable: readonly (readonly [what: string, change: (text: string) => string])[] = [
  ["no JSON", (text) => text.slice(1)],
  ["nothing", () => ""],
  ["null", () => "null"],
  ["another thing", () => '{"version":1}'],
];

for (const [what, change] of unreadable) {
  test(`an entry that is ${what} is dropped, and keeps nobody from starting`, async () => {
    const { recovery, gateway, ledger, faults } = await restarted({}, change);
    assert.deepEqual(recovery, { adopted: 0, closed: 1 });
    assert.equal(gateway.calls.size, 0);
    assert.equal(ledger.forgotten.length, 1);
    assert.equal(ledger.journalled.size, 0);
    assert.ok(faults.length > 0);
  });
}

test("an entry of another version is dropped", async () => {
  const { recovery, ledger } = await restarted({}, (text) => text.replace('"version":1', '"version":2'));
  assert.deepEqual(recovery, { adopted: 0, closed: 1 });
  assert.equal(ledger.forgotten.length, 1);
});

test("an entry whose dialogs can't be read leaves no port behind, and a record", async () => {
  const { recovery, relay, ledger, faults } = await restarted({}, (text) => {
    const journal = JSON.parse(text) as Record<string, unknown>;
    return JSON.stringify({ ...journal, egress: null });
  });
  assert.deepEqual(recovery, { adopted: 0, closed: 1 });
  assert.equal(relay.counts().open, 0);
  assert.equal(ledger.records.length, 1);
  assert.equal(faults.length, 1);
});

test("one that can't go on keeps no other from going on", async () => {
  const first = await gatewayScript();
  const call = answeredCall(first);
  const ledger = new LedgerDouble();
  const text = first.ledger.journalled.get(call.callSid) ?? "";
  ledger.recovered = [
    { callSid: "CA-broken", text: "{" },
    { callSid: call.callSid, text },
  ];
  const second = await gatewayScript({ ledger });
  assert.deepEqual(second.gateway.recover(), { adopted: 1, closed: 1 });
});

test("nothing is listened to before the gateway is open", async () => {
  const { wire, invite } = await gatewayScript({ isOpen: false });
  assert.throws(() => invite(), /nobody is attached/);
  wire.expectNothing();
});

test("session timers go on: what we refresh is refreshed soon, with the description that the peer knows", async () => {
  const answered = [["Session-Expires", "400;refresher=uac"] as const];
  const { wire, clock, journal } = await restarted({}, (text) => text, { answer: answered });
  assert.equal(journal.egress.session?.weRefresh, true);
  assert.equal(journal.ingress.session, undefined);
  clock.advance(199_999);
  wire.expectNothing();
  // Refreshes after a restart are spread over 10 s.
  clock.advance(10_001);
  const refresh = parsedRequest(wire.expect("INVITE"));
  assert.equal(refresh.value("Session-Expires"), "400;refresher=uac");
  assert.ok(!("engine" in journal.media));
  assert.equal(refresh.body, journal.media.egress.shown);
  assert.match(refresh.body, /^m=audio 10002 /m);
  assert.equal(refresh.callId, journal.egress.dialog.callId);
});

test("session timers go on: who does not refresh any more gets BYE", async () => {
  const invite = [["Supported", "timer"] as const, ["Session-Expires", "200;refresher=uac"] as const];
  const { wire, clock, ledger } = await restarted({}, (text) => text, { invite });
  clock.advance(167_999);
  wire.expectNothing();
  clock.advance(1);
  wire.expect("BYE");
  wire.expect("BYE");
  assert.equal(ledger.records[0]?.reason?.code, reasons.sessionExpired.code);
});

test("a journal entry of a call without session timers has no descriptions, and one of before is adopted", async () => {
  const { recovery, journal } = await restarted();
  assert.equal("shown" in journal.media.ingress, false);
  assert.equal("session" in journal.ingress, false);
  assert.equal(recovery.adopted, 1);
});
