/** What a gateway does about how its calls sound, from the answer to the record. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { reasons } from "@tandem/reasons";
import { type AnsweredCall, answeredCall } from "../testing/answered-call.ts";
import { answer, type GatewayScript, gatewayScript, offer } from "../testing/gateway-script.ts";
import { LedgerDouble } from "../testing/ledger-double.ts";
import { roundMs } from "./quality-watch.ts";

/** Packets of the caller and the callee for some seconds, a second at a time. */
function speak({ clock, relay }: GatewayScript, seconds: number, caller: number, callee: number): void {
  const [ingress, egress] = relay.endpoints.filter((endpoint) => endpoint.isOpen);
  for (let second = 0; second < seconds; second += 1) {
    if (caller > 0) ingress?.receive(caller);
    if (callee > 0) egress?.receive(callee);
    clock.advance(1000);
  }
}

function hangUp({ wire, customer }: GatewayScript, call: AnsweredCall, sequenceNumber = 2): void {
  wire.inject(call.customerRequest("BYE", sequenceNumber), customer);
  wire.expect(200);
  wire.expect("BYE");
}

function oneWayAlerts({ ledger }: GatewayScript): string[] {
  return ledger.alerts.filter(({ code }) => code === reasons.oneWayAudio.code).map(({ text }) => text);
}

describe("the quality of calls", () => {
  test("stands in the record, a sample about every ten seconds", async () => {
    const script = await gatewayScript();
    const call = answeredCall(script);
    const [ingress] = script.relay.endpoints;
    speak(script, 25, 50, 50);
    assert.ok(ingress);
    ingress.received = { ...ingress.received, lost: 50 };
    speak(script, 10, 50, 50);
    hangUp(script, call);
    const { fromIngress, fromEgress, oneWayAudio } = script.ledger.records[0]?.media ?? assert.fail();
    assert.equal(oneWayAudio, null);
    assert.equal(fromEgress.quality?.mosMean, 4.41);
    assert.ok((fromIngress.quality?.mosMean ?? 5) < 4.41);
    const samples = fromIngress.quality?.samples ?? [];
    assert.ok(samples.length >= 3 && samples.length <= 4, `${samples.length}`);
    assert.equal(
      samples.reduce((sum, { periodMs }) => sum + periodMs, 0),
      35_000,
    );
    assert.equal(
      samples.reduce((sum, { packets }) => sum + packets, 0),
      35 * 50,
    );
    assert.equal(
      samples.reduce((sum, { lost }) => sum + lost, 0),
      50,
    );
  });

  test("a call without media has none, and one without an answer neither", async () => {
    const script = await gatewayScript();
    hangUp(script, answeredCall(script));
    assert.equal(script.ledger.records[0]?.media.fromIngress.quality, undefined);
    const refused = await gatewayScript();
    refused.invite();
    refused.wire.expectSent("INVITE");
    speak(refused, 20, 50, 0);
    refused.gateway.calls.hangUpAll("operator", reasons.hungUpByOperator);
    assert.equal(refused.ledger.records[0]?.media.oneWayAudio, undefined);
  });

  test("early media of the callee alone is no one-way audio", async () => {
    const script = await gatewayScript();
    script.invite();
    script.wire.expect("INVITE");
    speak(script, 60, 0, 50);
    assert.deepEqual(oneWayAlerts(script), []);
  });

  test("one-way audio is told of while the call is up, once, and stands in the record", async () => {
    const script = await gatewayScript();
    const call = answeredCall(script);
    speak(script, 9, 50, 0);
    assert.deepEqual(oneWayAlerts(script), []);
    speak(script, 30, 50, 0);
    assert.deepEqual(oneWayAlerts(script), [
      "nothing came from the callee after 0 s of the call, while the caller was heard",
    ]);
    const [alert] = script.ledger.alerts;
    assert.deepEqual(
      [alert?.trunkSid, alert?.accountSid, alert?.callSid, alert?.level],
      ["TK1", "AC1", call.callSid, "warning"],
    );
    assert.deepEqual(script.gateway.oneWayAlerts.counts, { caller: 0, callee: 1 });
    hangUp(script, call);
    assert.deepEqual(script.ledger.records[0]?.media.oneWayAudio, { silentSide: "callee", sinceMs: 0 });
    assert.equal(oneWayAlerts(script).length, 1);
  });

  for (const [count, packets] of [
    [1, "1 packet"],
    [400, "400 packets"],
  ] as const) {
    test(`${packets} from elsewhere explain one-way audio`, async () => {
      const script = await gatewayScript();
      const call = answeredCall(script);
      const [, egress] = script.relay.endpoints;
      assert.ok(egress);
      const { received } = egress;
      egress.received = {
        ...received,
        droppedByReason: { ...received.droppedByReason, "source-address": count },
      };
      speak(script, 30, 50, 0);
      assert.deepEqual(oneWayAlerts(script), [
        `nothing came from the callee after 0 s of the call, while the caller was heard; ${packets} came from elsewhere than its SDP and source policy say: it may be behind NAT`,
      ]);
      hangUp(script, call);
      const { fromIngress, fromEgress } = script.ledger.records[0]?.media ?? assert.fail();
      assert.deepEqual([fromIngress.foreignPackets, fromEgress.foreignPackets], [0, count]);
    });
  }

  test("one-way audio of a call that ends before anybody looked is told of at its end", async () => {
    const script = await gatewayScript();
    script.clock.advance(roundMs / 2);
    const call = answeredCall(script);
    speak(script, 10, 0, 50);
    hangUp(script, call);
    assert.deepEqual(script.ledger.records[0]?.media.oneWayAudio?.silentSide, "caller");
    assert.equal(oneWayAlerts(script).length, 1);
    const short = await gatewayScript();
    const other = answeredCall(short);
    speak(short, 9, 0, 50);
    hangUp(short, other);
    assert.deepEqual([short.ledger.records[0]?.media.oneWayAudio, oneWayAlerts(short)], [null, []]);
  });

  test("a side on hold hears nothing, and that is no one-way audio", async () => {
    const script = await gatewayScript();
    const { wire } = script;
    const call = answeredCall(script);
    speak(script, 5, 50, 50);
    const held = offer.replace("a=sendrecv\r\n", "").concat("a=sendonly\r\n");
    const reinvite = call.customerRequest("INVITE", 2).split("\r\n\r\n")[0] ?? "";
    const head = reinvite.replace(
      "Content-Length: 0",
      `Content-Type: application/sdp\r\nContent-Length: ${held.length}`,
    );
    wire.inject(`${head}\r\n\r\n${held}`, script.customer);
    wire.expect(100);
    const carried = wire.expect("INVITE");
    assert.match(carried, /a=sendonly/);
    wire.inject(heldAnswer(carried), script.carrier);
    wire.expect("ACK");
    wire.expect(200);
    wire.inject(call.customerRequest("ACK", 2), script.customer);
    speak(script, 60, 50, 0);
    assert.deepEqual(oneWayAlerts(script), []);
    hangUp(script, call, 3);
    assert.equal(script.ledger.records[0]?.media.oneWayAudio, null);
  });

  test("after a restart samples go on from the adoption", async () => {
    const first = await gatewayScript();
    const call = answeredCall(first);
    speak(first, 20, 50, 50);
    const text = first.ledger.journalled.get(call.callSid) ?? assert.fail();
    const ledger = new LedgerDouble();
    ledger.recovered = [{ callSid: call.callSid, text }];
    ledger.journalled.set(call.callSid, text);
    const second = await gatewayScript({ ledger, clock: first.clock });
    assert.equal(second.gateway.recover().adopted, 1);
    // The kernel has gone on counting.
    second.relay.endpoints[0]?.receive(5000);
    second.relay.endpoints[1]?.receive(5000);
    speak(second, 40, 50, 0);
    assert.deepEqual(second.gateway.oneWayAlerts.counts, { caller: 0, callee: 1 });
    hangUp(second, call);
    const { fromIngress, oneWayAudio } = ledger.records[0]?.media ?? assert.fail();
    const samples = fromIngress.quality?.samples ?? [];
    assert.ok(samples.length >= 3, `${samples.length}`);
    assert.ok((samples[0]?.startMs ?? 0) >= 20_000, "from the answer, not from the restart");
    for (const { packets, mos } of samples) assert.deepEqual([packets <= 750, mos], [true, 4.41]);
    assert.equal(oneWayAudio?.silentSide, "callee");
  });

  test("a fault while a call is looked at ends that call alone", async () => {
    const script = await gatewayScript();
    answeredCall(script);
    const [ingress] = script.relay.endpoints;
    assert.ok(ingress);
    Object.defineProperty(ingress, "reported", {
      get: () => {
        throw new Error("planted");
      },
    });
    script.clock.advance(roundMs);
    assert.equal(script.faults.length > 0, true);
    assert.equal(script.gateway.calls.size, 0);
    assert.equal(script.ledger.records.length, 1);
    assert.ok(script.clock.pendingTimers > 0);
  });
});

/** The carrier's 200 to a re-INVITE that it was sent. */
function heldAnswer(invite: string): string {
  const fields = invite.split("\r\n\r\n")[0]?.split("\r\n").slice(1) ?? [];
  const kept = fields.filter((line) => /^(via|from|to|call-id|cseq):/i.test(line));
  const body = `${answer}a=recvonly\r\n`;
  return [
    "SIP/2.0 200 OK",
    ...kept,
    "Contact: <sip:bob@203.0.113.7:5060>",
    "Content-Type: application/sdp",
    `Content-Length: ${body.length}`,
    "",
    body,
  ].join("\r\n");
}
