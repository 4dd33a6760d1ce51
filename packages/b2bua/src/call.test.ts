import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { parsedRequest } from "@tandem/sip/testing";
import { calleeAnswer, callScript, ourSdp, withoutSessionId } from "./testing/call-script.ts";

test("a plain call, message by message", () => {
  const script = callScript({ invite: { headerFields: [["X-Custom", "1"]] } }).start();
  const invite = script.expectInvite();
  const sent = parsedRequest(invite);
  assert.deepEqual(
    sent
      .rows()
      .map((row) => (row.name === "Via" || row.name === "Call-ID" ? row.name : `${row.name}: ${row.value}`)),
    [
      "Via",
      "Max-Forwards: 69",
      "Max-Breadth: 60",
      `From: <sip:+15550001@tandem.test>;tag=${sent.fromTag}`,
      "To: <sip:+15550002@192.0.2.7>",
      "Call-ID",
      "CSeq: 1 INVITE",
      "Contact: <sip:198.51.100.1:5060>",
      "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, PRACK, UPDATE, REFER, NOTIFY, MESSAGE",
      "Supported: 100rel, timer, norefersub",
      "User-Agent: Tandem/test",
      "Session-Expires: 1800",
      "X-Tandem-CallSid: CA1",
      "Content-Type: application/sdp",
      `Content-Length: ${sent.body.length}`,
    ],
  );
  assert.equal(withoutSessionId(sent.body), ourSdp(1, ["m=audio 10002 RTP/AVP 0 101"]));
  script.clock.advance(250);
  script.expectResponse(100);
  script.callee(invite, 100);
  script.wire.expectNothing();
  script.callee(invite, 180, {
    headerFields: [
      ["X-Pass", "yes"],
      ["X-Twilio-CallSid", "forged"],
    ],
  });
  const ringing = script.expectResponse(180);
  assert.equal(ringing.value("X-Pass"), "yes");
  assert.equal(ringing.has("X-Twilio-CallSid"), false);
  assert.equal(ringing.body, "");
  const tag = script.ingressTag;
  script.clock.advance(1000);
  script.callee(invite, 200, { body: calleeAnswer, reasonPhrase: "Hello" });
  const ack = parsedRequest(script.wire.expect("ACK"));
  assert.equal(ack.requestUri, "sip:bob@192.0.2.7:5060");
  assert.equal(ack.value("CSeq"), "1 ACK");
  const ok = script.expectResponse(200);
  assert.equal(ok.reasonPhrase, "Hello");
  assert.equal(ok.toTag, tag);
  assert.equal(ok.value("Content-Type"), "application/sdp");
  assert.equal(withoutSessionId(ok.body), ourSdp(1, ["m=audio 10000 RTP/AVP 0"]));
  script.fromCaller("ACK", 1);
  script.wire.expectNothing();
  const [ingress, egress] = script.relay.endpoints;
  assert.deepEqual(ingress?.remote, {
    address: "192.0.2.1",
    port: 4000,
    rtcpAddress: "192.0.2.1",
    rtcpPort: 4001,
  });
  assert.equal(egress?.remote?.port, 6000);
  assert.equal(ingress?.partner, egress);
  ingress?.receive(3);
  egress?.receive(2);
  script.clock.advance(5000);
  script.fromCaller("BYE", 2);
  script.wire.expect(200);
  const bye = parsedRequest(script.wire.expect("BYE"));
  assert.equal(bye.value("Reason"), 'Q.850;cause=16;text="Normal call clearing"');
  assert.equal(bye.value("X-Tandem-CallSid"), "CA1");
  script.wire.expectNothing();
  const { facts } = script.call;
  assert.equal(facts.postDialDelayMs, 250);
  assert.equal((facts.answeredAtMs ?? 0) - facts.setupAtMs, 1250);
  assert.equal((facts.releasedAtMs ?? 0) - facts.setupAtMs, 6250);
  assert.equal(facts.releasedBy, "caller");
  assert.equal(facts.statusCode, 200);
  assert.equal(facts.q850Cause, 16);
  assert.equal(facts.reason, undefined);
  assert.equal(facts.egressSipCallId, sent.callId);
  assert.equal(facts.fromIngress.packets, 3);
  assert.equal(facts.fromEgress.packets, 2);
  assert.equal(facts.attempts.length, 1);
  assert.equal(facts.attempts[0]?.result, "answered");
  assert.deepEqual(script.heard, ["ringing", "journal", "released"]);
  script.expectReleased();
});

test("no ACK from the caller in 32 s: BYE to both", () => {
  const script = callScript().start();
  script.callee(script.expectInvite(), 200, { body: calleeAnswer });
  script.wire.expect("ACK");
  script.expectResponse(200);
  script.clock.advance(31_999);
  for (let i = 0; i < 10; i++) script.wire.expect(200);
  script.wire.expectNothing();
  script.clock.advance(1);
  const byes = [script.wire.expectSent("BYE"), script.wire.expectSent("BYE")];
  assert.deepEqual(
    byes.map((bye) => bye.target?.address),
    ["192.0.2.1", "192.0.2.7"],
  );
  for (const bye of byes) {
    assert.equal(parsedRequest(bye.text).value("Reason"), 'Q.850;cause=102;text="Recovery on timer expiry"');
  }
  assert.equal(script.call.facts.reason, reasons.noAckReceived);
  script.expectReleased();
});

test("the callee hangs up before the caller's ACK: its BYE waits for it", () => {
  const script = callScript().start();
  script.callee(script.expectInvite(), 200, { body: calleeAnswer });
  script.wire.expect("ACK");
  script.expectResponse(200);
  script.fromCallee("BYE", 1);
  script.wire.expect(200);
  script.wire.expectNothing();
  assert.equal(script.relay.counts().open, 0);
  script.fromCaller("ACK", 1);
  script.wire.expect("BYE");
  script.expectReleased();
});

test("forks of one attempt are told apart, and a second 200 gets ACK and BYE", () => {
  const script = callScript().start();
  const invite = script.expectInvite();
  script.callee(invite, 180, { toTag: "b1" });
  const first = script.expectResponse(180);
  script.callee(invite, 180, { toTag: "b2" });
  const second = script.expectResponse(180);
  assert.notEqual(first.toTag, second.toTag);
  script.callee(invite, 180, { toTag: "b1" });
  assert.equal(script.expectResponse(180).toTag, first.toTag);
  script.callee(invite, 200, { toTag: "b2", body: calleeAnswer });
  script.wire.expect("ACK");
  assert.equal(script.expectResponse(200).toTag, second.toTag);
  script.callee(invite, 200, { toTag: "b1", body: calleeAnswer });
  assert.equal(parsedRequest(script.wire.expect("ACK")).toTag, "b1");
  assert.equal(parsedRequest(script.wire.expect("BYE")).toTag, "b1");
  script.fromCaller("ACK", 1);
  script.fromCaller("BYE", 2);
  script.expectReleased();
});
