import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { SdpRelayDouble } from "@tandem/media/testing";
import { reasons } from "@tandem/reasons";
import { parsedRequest, parsedResponse, request, response } from "@tandem/sip/testing";
import { exampleCarrier, exampleGateway, exampleTrunk, trunkHost } from "../testing/example-snapshot.ts";
import {
  answer,
  type GatewayScript,
  type GatewayScriptOptions,
  gatewayScript,
} from "../testing/gateway-script.ts";
import { LedgerDouble } from "../testing/ledger-double.ts";

const contentType = ["Content-Type", "application/sdp"] as const;
/** A carrier that wants ICE: its calls are rtpengine's, whatever the customer offers. */
const carriers = [exampleCarrier({ gateways: [exampleGateway({ sipUrl: "sip:203.0.113.7;ice=full" })] })];

interface Negotiated extends GatewayScript {
  readonly sdpRelay: SdpRelayDouble;
}

async function negotiated(options: GatewayScriptOptions = {}): Promise<Negotiated> {
  const clock = new HandClock({ monotonicMs: 1_000_000 });
  const addresses = { customers: "198.51.100.1", carriers: "198.51.100.2" };
  const sdpRelay = options.sdpRelay ?? new SdpRelayDouble({ clock, addresses });
  const script = await gatewayScript({ snapshot: { carriers }, clock, ...options, sdpRelay });
  return { ...script, sdpRelay };
}

/** Up to the customer's ACK. Gives a BYE of the customer. */
function answered(script: Negotiated): string {
  const { wire, clock } = script;
  script.invite();
  wire.expectNothing();
  clock.advance(0);
  const { text } = wire.expectSent("INVITE");
  assert.match(parsedRequest(text).body, /^c=IN IP4 198\.51\.100\.2\r$/m);
  wire.inject(response(200, { headerFields: [contentType], body: answer }), script.carrier);
  wire.expect("ACK");
  clock.advance(0);
  const { toTag } = parsedResponse(wire.expect(200));
  const dialog = { requestUri: "sip:198.51.100.1:5060", to: "<sip:bob@example.com>", toTag };
  const customer = { ...dialog, from: "<sip:+15550001111@acme.example>" };
  wire.inject(request("ACK", { ...customer, branch: "z9hG4bK-ack", sequenceNumber: 1 }), script.customer);
  wire.expectNothing();
  return request("BYE", { ...customer, branch: "z9hG4bK-bye", sequenceNumber: 2 });
}

function hangUp(script: Negotiated, bye: string): void {
  const { wire, clock, sdpRelay } = script;
  const side = (packets: number) => ({ packets, bytes: 10 * packets, lost: 1, jitterMs: 2 });
  sdpRelay.statistics = new Map([
    ["ingress", side(5)],
    ["egress", side(6)],
  ]);
  wire.inject(bye, script.customer);
  wire.expect(200);
  wire.expect("BYE");
  assert.equal(script.ledger.records.length, 0);
  clock.advance(0);
  assert.equal(sdpRelay.openSessions, 0);
}

const engine = { name: "rtpengine", why: "ICE towards CG1", instance: "double" };

test("a call that rtpengine carried has its counts, the engine and why in the record", async () => {
  const script = await negotiated();
  const bye = answered(script);
  assert.equal(script.gateway.counts()["sdpSessions"], 1);
  assert.equal(script.gateway.counts()["relayEndpoints"], 0);
  hangUp(script, bye);
  const [record] = script.ledger.records;
  const { fromIngress, fromEgress } = record?.media ?? assert.fail();
  assert.deepEqual(record?.media.engine, engine);
  for (const [direction, packets, bytes] of [
    [fromIngress, 5, 50],
    [fromEgress, 6, 60],
  ] as const) {
    const { quality, ...counts } = direction;
    assert.deepEqual(counts, { packets, bytes, lost: 1, jitterMs: 2, events: null, foreignPackets: null });
    assert.equal(quality?.codec, "PCMU");
  }
  assert.equal(script.gateway.counts()["sdpSessions"], 0);
  assert.deepEqual(script.faults, []);
});

/** The customer speaks for so long, from the 20th second on with a loss of ten percent; the carrier is not heard. */
function speakAlone({ clock, sdpRelay }: Negotiated, seconds: number): void {
  for (let second = 1; second <= seconds; second += 1) {
    const lost = 5 * Math.max(0, second - 20);
    const heard = { packets: 50 * second - lost, bytes: 8600 * second, lost, jitterMs: 1 };
    sdpRelay.statistics = new Map([
      ["ingress", heard],
      ["egress", { packets: 0, bytes: 0, lost: 0, jitterMs: 0 }],
    ]);
    clock.advance(1000);
  }
}

test("one-way audio and loss are found in what rtpengine counted, from one query to the next", async () => {
  const script = await negotiated();
  const bye = answered(script);
  speakAlone(script, 35);
  const [alert, ...more] = script.ledger.alerts;
  assert.deepEqual([alert?.code, more.length], [reasons.oneWayAudio.code, 0]);
  assert.match(String(alert?.text), /from the callee/);
  script.wire.inject(bye, script.customer);
  script.wire.expect(200);
  script.wire.expect("BYE");
  script.clock.advance(0);
  const { fromIngress, fromEgress, oneWayAudio } = script.ledger.records[0]?.media ?? assert.fail();
  assert.equal(oneWayAudio?.silentSide, "callee");
  assert.equal(fromEgress.quality?.mosMean, null);
  const scores = fromIngress.quality?.samples.map(({ mos }) => mos) ?? [];
  assert.deepEqual([scores[0], scores.at(-1)], [4.41, 3.41]);
  assert.equal(fromIngress.quality?.mosMinimum, 3.41);
});

test("it goes on after a restart, with the same session, and its end deletes that", async () => {
  const first = await negotiated();
  const bye = answered(first);
  const [entry] = [...first.ledger.journalled];
  const [callSid, text] = entry ?? assert.fail();
  const ledger = new LedgerDouble();
  ledger.recovered = [{ callSid, text }];
  ledger.journalled.set(callSid, text);
  const second = await negotiated({ ledger });
  assert.deepEqual(second.gateway.recover(), { adopted: 1, closed: 0 });
  second.clock.advance(0);
  assert.deepEqual(second.sdpRelay.asked, ["0 query"]);
  hangUp(second, bye);
  const [record] = second.ledger.records;
  assert.equal(record?.adopted, true);
  assert.deepEqual(record?.media.engine, engine);
  assert.equal(record?.media.fromIngress.packets, 5);
});

test("a restarted gateway without that rtpengine closes the call with a record", async () => {
  const first = await negotiated();
  answered(first);
  const [entry] = [...first.ledger.journalled];
  const [callSid, text] = entry ?? assert.fail();
  const ledger = new LedgerDouble();
  ledger.recovered = [{ callSid, text }];
  const second = await gatewayScript({ ledger });
  assert.deepEqual(second.gateway.recover(), { adopted: 0, closed: 1 });
  assert.equal(ledger.records[0]?.reason?.code, reasons.gatewayRestarted.code);
});

test("a session that is gone after the restart ends the call on both sides", async () => {
  const first = await negotiated();
  answered(first);
  const [entry] = [...first.ledger.journalled];
  const [callSid, text] = entry ?? assert.fail();
  const ledger = new LedgerDouble();
  ledger.recovered = [{ callSid, text }];
  const second = await negotiated({ ledger });
  second.sdpRelay.state = "gone";
  second.gateway.recover();
  second.clock.advance(0);
  second.wire.expect("BYE");
  second.wire.expect("BYE");
  second.clock.advance(0);
  assert.equal(ledger.records[0]?.reason?.code, reasons.mediaSessionLost.code);
  assert.equal(second.sdpRelay.openSessions, 0);
});

test("what throws when the relay answers ends this call, and is told", async () => {
  const script = await negotiated();
  script.ledger.journal = () => {
    throw new Error("planted");
  };
  const { wire, clock } = script;
  script.invite();
  clock.advance(0);
  wire.expect("INVITE");
  wire.inject(response(200, { headerFields: [contentType], body: answer }), script.carrier);
  wire.expect("ACK");
  clock.advance(0);
  wire.expect("BYE");
  wire.expect(500);
  clock.advance(0);
  assert.equal(script.faults.length, 1);
  assert.equal(script.sdpRelay.openSessions, 0);
  assert.equal(script.gateway.calls.size, 0);
});

test("its customer can't transfer it: REFER is answered with 488, and the call goes on", async () => {
  const trunks = [exampleTrunk({ transferMode: "enable-all" })];
  const script = await negotiated({ snapshot: { carriers, trunks } });
  const bye = answered(script);
  const headers = `Refer-To: <sip:+15557650000@${trunkHost}>\r\nContent-Length: 0\r\n`;
  const refer = bye.replaceAll("BYE", "REFER").replace("z9hG4bK-bye", "z9hG4bK-refer");
  script.wire.inject(refer.replace("Content-Length: 0\r\n", headers), script.customer);
  const refused = parsedResponse(script.wire.expect(488));
  assert.match(refused.value("Warning") ?? "", /^399 tandem "32218 transfer-not-allowed; a call whose media/);
  script.wire.expectNothing();
  hangUp(script, bye.replace("CSeq: 2", "CSeq: 3"));
});

test("without rtpengine it is refused: the response, the record and the alert say what is missing", async () => {
  const script = await gatewayScript({ snapshot: { carriers } });
  script.invite();
  const refused = parsedResponse(script.wire.expect(488));
  assert.equal(refused.reasonPhrase, "Secure Media Unavailable");
  assert.match(refused.value("Warning") ?? "", /^399 tandem "90070 /);
  assert.equal(script.ledger.records[0]?.reason?.code, 90_070);
  assert.match(script.ledger.alerts[0]?.text ?? "", /^ICE towards CG1: no rtpengine is configured/);
});

test("a rtpengine that is down is told to operators once it is known", async () => {
  const script = await negotiated();
  script.gateway.onRtpengine("192.0.2.5:2223", false);
  script.gateway.onRtpengine("192.0.2.5:2223", true);
  assert.deepEqual(
    script.ledger.alerts.map(({ code, text }) => [code, text]),
    [[90_071, "rtpengine 192.0.2.5:2223 does not answer"]],
  );
});
