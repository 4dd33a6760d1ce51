import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { parsedRequest, request } from "@tandem/sip/testing";
import { calleeAnswer, callScript, candidate, ourSdp, sdp, withoutSessionId } from "./testing/call-script.ts";

test("a 200 without a body confirms the answer of its own 183, never that of another attempt", () => {
  const script = callScript().start();
  const first = script.expectInvite(0);
  script.callee(first, 183, { body: sdp("192.0.2.7", ["m=audio 6000 RTP/AVP 0"]) });
  script.expectResponse(183);
  script.callee(first, 500);
  script.wire.expect("ACK");
  const second = script.expectInvite(1);
  script.callee(second, 183, { body: sdp("192.0.2.8", ["m=audio 7000 RTP/AVP 101"]) });
  script.expectResponse(183);
  script.callee(second, 200);
  script.wire.expect("ACK");
  const ok = script.expectResponse(200);
  assert.equal(withoutSessionId(ok.body), ourSdp(2, ["m=audio 10000 RTP/AVP 101"]));
  assert.equal(script.call.media.isOffered, false);
  script.fromCaller("ACK", 1);
  script.fromCaller("BYE", 2);
  script.expectReleased();
  const bare = callScript({ plan: { candidates: [candidate(0), candidate(1)] } }).start();
  const one = bare.expectInvite(0);
  bare.callee(one, 183, { body: calleeAnswer });
  bare.callee(one, 500);
  bare.wire.expect(183);
  bare.wire.expect("ACK");
  bare.callee(bare.expectInvite(1), 200);
  bare.wire.expect("ACK");
  bare.wire.expect("BYE");
  bare.expectResponse(502);
  bare.expectReleased();
});

test("late offer: the callee's offer in the 200, the caller's answer in the ACK", () => {
  const script = callScript({ invite: { body: "" } }).start();
  const invite = script.expectInvite();
  assert.equal(parsedRequest(invite).body, "");
  assert.equal(parsedRequest(invite).has("Content-Type"), false);
  script.callee(invite, 183, { body: calleeAnswer });
  assert.equal(script.expectResponse(183).body, "");
  script.callee(invite, 200, { body: sdp("192.0.2.7", ["m=audio 6000 RTP/AVP 0 8"]) });
  const ok = script.expectResponse(200);
  assert.equal(withoutSessionId(ok.body), ourSdp(1, ["m=audio 10000 RTP/AVP 0 8"]));
  script.fromCaller("ACK", 1, { body: sdp("192.0.2.1", ["m=audio 4000 RTP/AVP 8"]) });
  const ack = parsedRequest(script.wire.expect("ACK"));
  assert.equal(ack.value("CSeq"), "1 ACK");
  assert.equal(ack.value("Content-Type"), "application/sdp");
  assert.equal(withoutSessionId(ack.body), ourSdp(1, ["m=audio 10002 RTP/AVP 8"]));
  assert.equal(script.relay.endpoints[0]?.remote?.port, 4000);
  assert.equal(script.relay.endpoints[1]?.remote?.port, 6000);
  script.fromCaller("INVITE", 2);
  script.wire.expect(100);
  script.callee(script.wire.expect("INVITE"), 200, { body: sdp("192.0.2.7") });
  script.expectResponse(200);
  script.fromCaller("ACK", 2, { body: sdp("192.0.2.1") });
  assert.equal(parsedRequest(script.wire.expect("ACK")).cseqNumber, 2);
  script.fromCaller("BYE", 3);
  script.expectReleased();
});

test("late offer: an ACK without an answer ends the call, the callee gets its ACK first", () => {
  const script = callScript({ invite: { body: "" } }).start();
  script.callee(script.expectInvite(), 200, { body: calleeAnswer });
  script.expectResponse(200);
  script.fromCaller("ACK", 1);
  const sent = [script.wire.expect("BYE"), script.wire.expect("ACK"), script.wire.expect("BYE")];
  assert.equal(parsedRequest(sent[1] ?? "").body, "");
  assert.equal(script.call.facts.reason, reasons.badSdp);
  script.expectReleased();
});

test("late offer: CANCEL while the journal is written, the callee gets ACK and BYE", () => {
  const script = callScript({ invite: { body: "" }, hasSlowJournal: true }).start();
  script.callee(script.expectInvite(), 200, { body: calleeAnswer });
  script.wire.inject(request("CANCEL"));
  script.wire.expect(200);
  script.wire.expect(487);
  script.wire.expect("ACK");
  script.wire.expect("BYE");
  script.expectReleased();
});

test("late offer: a re-INVITE of the callee before the caller's answer gets 491", () => {
  const script = callScript({ invite: { body: "" } }).start();
  script.callee(script.expectInvite(), 200, { body: calleeAnswer });
  script.expectResponse(200);
  script.fromCallee("INVITE", 1, { body: calleeAnswer });
  script.wire.expect(491);
  script.fromCaller("UPDATE", 2, { body: sdp("192.0.2.1") });
  script.wire.expect(491);
  script.call.hangUp("exchange", reasons.internalError);
  script.expectReleased();
});

for (const [what, body] of [
  ["unreadable SDP", "v=1\r\n"],
  ["another number of media descriptions", sdp("192.0.2.7", [])],
  ["SRTP", sdp("192.0.2.7", ["m=audio 6000 RTP/SAVP 0"])],
  ["nothing", ""],
] as const) {
  test(`an answer with ${what}: ACK and BYE to the callee, 502 to the caller`, () => {
    const script = callScript().start();
    script.callee(script.expectInvite(), 200, body === "" ? {} : { body });
    script.wire.expect("ACK");
    assert.equal(
      parsedRequest(script.wire.expect("BYE")).value("Reason"),
      'Q.850;cause=38;text="Network out of order"',
    );
    script.expectResponse(502);
    const { facts } = script.call;
    assert.deepEqual([facts.statusCode, facts.reason, facts.releasedBy], [502, reasons.badSdp, "exchange"]);
    assert.deepEqual([facts.attempts[0]?.result, facts.attempts[0]?.reason], ["failed", reasons.badSdp]);
    assert.deepEqual(script.heard, ["failed sip:192.0.2.7;edge=test", "released"]);
    script.expectReleased();
  });
}

test("late offer without any ACK: the callee's 200 is acknowledged before the BYE", () => {
  const script = callScript({ invite: { body: "" } }).start();
  script.callee(script.expectInvite(), 200, { body: calleeAnswer });
  script.expectResponse(200);
  script.clock.advance(31_999);
  for (let i = 0; i < 10; i++) script.wire.expect(200);
  script.clock.advance(1);
  assert.equal(script.wire.expectSent("BYE").target?.address, "192.0.2.1");
  script.wire.expect("ACK");
  assert.equal(script.wire.expectSent("BYE").target?.address, "192.0.2.7");
  script.expectReleased();
});

for (const [what, parts, statusCode, reason, header] of [
  [
    "SRTP",
    { body: sdp("192.0.2.1", ["m=audio 4000 RTP/SAVP 0"]) },
    488,
    reasons.secureMediaRefused,
    undefined,
  ],
  ["unreadable SDP", { body: "v=1\r\n" }, 400, reasons.badSdp, undefined],
  ["no Contact", { contact: "" }, 400, reasons.invalidContact, undefined],
  ["a tel URI as Contact", { contact: "<tel:+15550001>" }, 400, reasons.invalidContact, undefined],
] as const) {
  test(`an INVITE with ${what} is refused before any attempt`, () => {
    const script = callScript({ invite: parts }).start();
    const refused = script.expectResponse(statusCode);
    assert.equal(refused.reasonPhrase, reason.reasonPhrase);
    assert.equal(refused.value("Warning"), `399 tandem "${reason.code} ${reason.name}"`);
    assert.equal(refused.value("Accept"), header);
    assert.equal(script.call.facts.reason, reason);
    assert.deepEqual(script.call.facts.attempts, []);
    script.wire.expectNothing();
    script.expectReleased();
  });
}

test("a body that is no SDP: 415 with Accept", () => {
  const script = callScript();
  script.wire.inject(request("INVITE", { body: "x", headerFields: [["Content-Type", "text/plain"]] }));
  const refused = script.expectResponse(415);
  assert.equal(refused.value("Accept"), "application/sdp");
  script.expectReleased();
});

test("no port for either side: 503 and nothing stays open", () => {
  for (const capacity of [0, 1]) {
    const script = callScript();
    script.relay.capacity = capacity;
    script.start();
    assert.equal(script.expectResponse(503).reasonPhrase, "No Media Ports");
    script.expectReleased();
  }
});

test("early media that can't be read is left out of the 183", () => {
  const script = callScript().start();
  const invite = script.expectInvite();
  script.callee(invite, 183, { body: "rubbish" });
  assert.equal(script.expectResponse(183).body, "");
  script.call.onFault();
  script.expectReleased();
});

test("the answer to the caller's offer is in its 200, made of the callee's (RFC 3261 §13.2.1)", () => {
  const script = callScript().start();
  const invite = script.expectInvite();
  assert.equal(withoutSessionId(parsedRequest(invite).body), ourSdp(1, ["m=audio 10002 RTP/AVP 0 101"]));
  script.callee(invite, 183, { body: sdp("192.0.2.7", ["m=audio 6100 RTP/AVP 0"]) });
  script.expectResponse(183);
  script.callee(invite, 200, { body: calleeAnswer });
  assert.equal(parsedRequest(script.wire.expect("ACK")).body, "");
  const ok = script.expectResponse(200);
  assert.equal(withoutSessionId(ok.body), ourSdp(1, ["m=audio 10000 RTP/AVP 0"]));
  assert.equal(script.relay.endpoints[1]?.remote?.port, 6000);
  script.fromCaller("ACK", 1);
  script.hangUp();
});
