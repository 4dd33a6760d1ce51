import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { SdpRelayDouble } from "@tandem/media/testing";
import { parsedRequest, parsedResponse, request, response } from "@tandem/sip/testing";
import { exampleCarrier, exampleGateway, exampleTrunk } from "../testing/example-snapshot.ts";
import {
  answer,
  type GatewayScript,
  type GatewayScriptOptions,
  gatewayScript,
  offer,
} from "../testing/gateway-script.ts";
import { LedgerDouble } from "../testing/ledger-double.ts";

const contentType = ["Content-Type", "application/sdp"] as const;
const alaw = (text: string): string => text.replace("RTP/AVP 0", "RTP/AVP 8");
const carriers = [exampleCarrier({ codecs: ["PCMU", "GSM"] })];
const why = "transcoding to PCMU, GSM towards CG1";

async function withRtpengine(options: GatewayScriptOptions = {}): Promise<GatewayScript> {
  const clock = new HandClock({ monotonicMs: 1_000_000 });
  const addresses = { customers: "198.51.100.1", carriers: "198.51.100.2" };
  const sdpRelay = new SdpRelayDouble({ clock, addresses });
  const counts = { packets: 50, bytes: 8600, lost: 0, jitterMs: 1 };
  sdpRelay.statistics = new Map([
    ["ingress", counts],
    ["egress", counts],
  ]);
  return gatewayScript({ snapshot: { carriers }, clock, ...options, sdpRelay });
}

/** Formats of the audio in a message's body. */
function formatsOf(body: string): string {
  return /^m=audio \d+ RTP\/AVP (.*)\r$/m.exec(body)?.[1] ?? assert.fail(body);
}

interface Setup {
  /** What the callee was offered, and the caller answered. */
  readonly shown: readonly string[];
  readonly bye: string;
}

/** The customer's call, up to its ACK. */
function terminate(script: GatewayScript, body: string, answered: string): Setup {
  const { wire, clock, carrier, customer } = script;
  script.invite({ body });
  clock.advance(0);
  const offered = formatsOf(parsedRequest(wire.expectSent("INVITE").text).body);
  wire.inject(response(200, { headerFields: [contentType], body: answered }), carrier);
  wire.expect("ACK");
  clock.advance(0);
  const ok = parsedResponse(wire.expect(200));
  const dialog = { requestUri: "sip:198.51.100.1:5060", to: "<sip:bob@example.com>", toTag: ok.toTag };
  const from = { ...dialog, from: "<sip:+15550001111@acme.example>" };
  wire.inject(request("ACK", { ...from, branch: "z9hG4bK-ack", sequenceNumber: 1 }), customer);
  return {
    shown: [offered, formatsOf(ok.body)],
    bye: request("BYE", { ...from, branch: "z9hG4bK-bye", sequenceNumber: 2 }),
  };
}

function hangUp(script: GatewayScript, bye: string): void {
  script.wire.inject(bye, script.customer);
  script.wire.expect(200);
  script.wire.expect("BYE");
  script.clock.advance(0);
}

test("the carrier is offered what it takes, the caller answered what it speaks, and the record says so", async () => {
  const script = await withRtpengine();
  const { shown, bye } = terminate(script, alaw(offer), answer);
  assert.deepEqual(shown, ["0 3", "8"]);
  hangUp(script, bye);
  const media = script.ledger.records[0]?.media ?? assert.fail();
  assert.deepEqual(media.engine, { name: "rtpengine", why, instance: "double" });
  assert.deepEqual([media.fromIngress.quality?.codec, media.fromEgress.quality?.codec], ["PCMA", "PCMU"]);
  assert.deepEqual(script.faults, []);
});

test("with a codec in common the relay of the gateway carries it, untouched", async () => {
  const script = await withRtpengine();
  const both = offer.replace("RTP/AVP 0", "RTP/AVP 8 3");
  const { shown, bye } = terminate(script, both, answer.replace("RTP/AVP 0", "RTP/AVP 3"));
  assert.deepEqual(shown, ["8 3", "3"]);
  hangUp(script, bye);
  assert.deepEqual(script.ledger.records[0]?.media.engine, {
    name: "relay",
    why: "plain RTP",
    instance: null,
  });
});

test("of two carriers the second needs it: the first is offered the same as ever, by the same engine", async () => {
  const two = [
    exampleCarrier({ sid: "CR0", gateways: [exampleGateway({ sid: "CG0", sipUrl: "sip:203.0.113.6" })] }),
    exampleCarrier({ codecs: ["PCMU"], routes: [{ prefix: "+", priority: 20, weight: 10 }] }),
  ];
  const script = await withRtpengine({ snapshot: { carriers: two } });
  const { wire, clock, carrier } = script;
  script.invite({ body: alaw(offer) });
  clock.advance(0);
  assert.equal(formatsOf(parsedRequest(wire.expectSent("INVITE").text).body), "8");
  wire.inject(response(503), { ...carrier, remoteAddress: "203.0.113.6" });
  wire.expect("ACK");
  clock.advance(0);
  assert.equal(formatsOf(parsedRequest(wire.expectSent("INVITE").text).body), "0");
  wire.inject(response(200, { headerFields: [contentType], body: answer }), carrier);
  wire.expect("ACK");
  clock.advance(0);
  assert.equal(formatsOf(parsedResponse(wire.expect(200)).body), "8");
  assert.equal(script.gateway.counts()["sdpSessions"], 1);
});

test("towards the customer the list is its trunk's", async () => {
  const script = await withRtpengine({ snapshot: { trunks: [exampleTrunk({ codecs: ["G722"] })] } });
  const { wire, clock } = script;
  script.carrierInvite();
  clock.advance(0);
  assert.equal(formatsOf(parsedRequest(wire.expectSent("INVITE").text).body), "9");
});

test("without rtpengine the offer goes as it is; the record says why, after a restart too", async () => {
  const first = await gatewayScript({ snapshot: { carriers } });
  const { shown, bye } = terminate(first, alaw(offer), alaw(answer));
  assert.deepEqual(shown, ["8", "8"]);
  const [entry] = [...first.ledger.journalled];
  const [callSid, text] = entry ?? assert.fail();
  const engine = {
    name: "relay",
    why: `plain RTP; ${why}, but no rtpengine is configured`,
    instance: null,
  };
  hangUp(first, bye);
  assert.deepEqual(first.ledger.records[0]?.media.engine, engine);
  const ledger = new LedgerDouble();
  ledger.recovered = [{ callSid, text }];
  const second = await gatewayScript({ snapshot: { carriers }, ledger });
  second.gateway.recover();
  hangUp(second, bye);
  assert.deepEqual(ledger.records[0]?.media.engine, engine);
});

test("a carrier that refuses it then is heard: 488", async () => {
  const script = await gatewayScript({ snapshot: { carriers } });
  script.invite({ body: alaw(offer) });
  script.wire.expectSent("INVITE");
  script.wire.inject(response(488), script.carrier);
  script.wire.expect("ACK");
  script.wire.expect(488);
  assert.match(script.ledger.records[0]?.media.engine?.why ?? "", /^plain RTP; transcoding to /);
});
