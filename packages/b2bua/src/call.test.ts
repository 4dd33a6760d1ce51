import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { parsedRequest, request } from "@tandem/sip/testing";
import {
  calleeAnswer,
  callScript,
  candidate,
  ourSdp,
  sdp,
  withoutSessionId,
} from "./testing/call-script.ts";

test("a plain call, message by message", () => {
  const script = callScript({ invite: { headerFields: [["X-Custom", "1"]] } }).start();
  const invite = script.expectInvite();
  const sent = parsedRequest(invite);
  assert.deepEqual(
    sent.rows().map((row) => (row.name === "Via" || row.name === "Call-ID" ? row.name : `${row.name}: ${row.value}`)),
    [
      "Via",
      "Max-Forwards: 69",
      `From: <sip:+15550001@tandem.test>;tag=${sent.fromTag}`,
      "To: <sip:+15550002@192.0.2.7>",
      "Call-ID",
      "CSeq: 1 INVITE",
      "Contact: <sip:198.51.100.1:5060>",
      "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, NOTIFY, MESSAGE",
      "User-Agent: Tandem/test",
      "X-Tandem-CallSid: CA1",
      "Content-Type: application/sdp",
      `Content-Length: ${sent.body.length}`,
    ],
  );
  assert.equal(withoutSessionId(sent.body), ourSdp(1, ["m=audio 10002 RTP/AVP 0 101"]));
  script.clock.advance(250);
  script.expectForCaller(100);
  script.callee(invite, 100);
  script.wire.expectNothing();
  script.callee(invite, 180, { headerFields: [["X-Pass", "yes"], ["X-Twilio-CallSid", "forged"]] });
  const ringing = script.expectForCaller(180);
  assert.equal(ringing.value("X-Pass"), "yes");
  assert.equal(ringing.has("X-Twilio-CallSid"), false);
  assert.equal(ringing.body, "");
  const tag = script.ingressTag;
  script.clock.advance(1000);
  script.callee(invite, 200, { body: calleeAnswer, reasonPhrase: "Hello" });
  const ack = parsedRequest(script.wire.expect("ACK"));
  assert.equal(ack.requestUri, "sip:bob@192.0.2.7:5060");
  assert.equal(ack.value("CSeq"), "1 ACK");
  const ok = script.expectForCaller(200);
  assert.equal(ok.reasonPhrase, "Hello");
  assert.equal(ok.toTag, tag);
  assert.equal(ok.value("Content-Type"), "application/sdp");
  assert.equal(withoutSessionId(ok.body), ourSdp(1, ["m=audio 10000 RTP/AVP 0"]));
  script.fromCaller("ACK", 1);
  script.wire.expectNothing();
  const [ingress, egress] = script.relay.endpoints;
  assert.deepEqual(ingress?.remote, { address: "192.0.2.1", port: 4000, rtcpAddress: "192.0.2.1", rtcpPort: 4001 });
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

test("failover: each attempt is an early dialog of its own, the endpoint towards the caller stays", () => {
  const script = callScript().start();
  const first = script.expectInvite(0);
  script.callee(first, 183, { body: calleeAnswer });
  const early = script.expectForCaller(183);
  assert.equal(withoutSessionId(early.body), ourSdp(1, ["m=audio 10000 RTP/AVP 0"]));
  const [ingress, firstEgress] = script.relay.endpoints;
  assert.equal(ingress?.partner, firstEgress);
  script.callee(first, 503);
  script.wire.expect("ACK");
  const second = script.expectInvite(1);
  assert.equal(firstEgress?.isOpen, false);
  assert.equal(ingress?.isOpen, true);
  assert.equal(withoutSessionId(parsedRequest(second).body), ourSdp(1, ["m=audio 10004 RTP/AVP 0 101"]));
  assert.notEqual(parsedRequest(second).callId, parsedRequest(first).callId);
  script.callee(second, 180);
  const ringing = script.expectForCaller(180);
  assert.notEqual(ringing.toTag, early.toTag);
  script.callee(second, 200, { body: sdp("192.0.2.8", ["m=audio 6000 RTP/AVP 0"]) });
  script.wire.expect("ACK");
  const ok = script.expectForCaller(200);
  assert.equal(ok.toTag, ringing.toTag);
  // The text is the one that the caller has seen already, so its version stays.
  assert.equal(withoutSessionId(ok.body), ourSdp(1, ["m=audio 10000 RTP/AVP 0"]));
  script.fromCaller("ACK", 1);
  assert.equal(script.relay.endpoints.length, 3);
  assert.equal(ingress?.partner, script.relay.endpoints[2]);
  assert.deepEqual(script.heard, ["ringing", "failed sip:192.0.2.7;edge=test", "ringing", "journal"]);
  script.fromCallee("BYE", 1);
  script.wire.expect(200);
  script.wire.expect("BYE");
  assert.equal(script.call.facts.releasedBy, "callee");
  assert.deepEqual(
    script.call.facts.attempts.map((one) => [one.url, one.result, one.statusCode]),
    [
      ["sip:192.0.2.7;edge=test", "failed", 503],
      ["sip:192.0.2.8;edge=test", "answered", 200],
    ],
  );
  script.expectReleased();
});

test("a 200 without a body confirms the answer of its own 183, never that of another attempt", () => {
  const script = callScript().start();
  const first = script.expectInvite(0);
  script.callee(first, 183, { body: sdp("192.0.2.7", ["m=audio 6000 RTP/AVP 0"]) });
  script.expectForCaller(183);
  script.callee(first, 500);
  script.wire.expect("ACK");
  const second = script.expectInvite(1);
  script.callee(second, 183, { body: sdp("192.0.2.8", ["m=audio 7000 RTP/AVP 101"]) });
  script.expectForCaller(183);
  script.callee(second, 200);
  script.wire.expect("ACK");
  const ok = script.expectForCaller(200);
  assert.equal(withoutSessionId(ok.body), ourSdp(2, ["m=audio 10000 RTP/AVP 101"]));
  assert.equal(script.call.anchor.isOffered, false);
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
  bare.expectForCaller(502);
  bare.expectReleased();
});

test("CANCEL while the callee is silent: 487 now, CANCEL with its late 1xx", () => {
  const script = callScript().start();
  const invite = script.expectInvite();
  script.wire.inject(request("CANCEL"));
  script.wire.expect(200);
  script.wire.expect(487);
  script.wire.expectNothing();
  assert.deepEqual(script.heard, ["released"]);
  assert.equal(script.relay.counts().open, 0);
  script.callee(invite, 180);
  const cancel = parsedRequest(script.wire.expect("CANCEL"));
  assert.equal(cancel.value("Reason"), 'SIP;cause=487;text="Canceled by the caller"');
  script.callee(invite, 487);
  script.wire.expect("ACK");
  script.wire.expectNothing();
  const { facts } = script.call;
  assert.deepEqual(
    [facts.statusCode, facts.releasedBy, facts.q850Cause, facts.reason],
    [487, "caller", 16, reasons.callerCanceled],
  );
  assert.equal(facts.attempts[0]?.result, "abandoned");
  assert.equal(facts.attempts[0]?.reason, reasons.callerCanceled);
  script.expectReleased();
});

test("CANCEL while it rings: 487, and CANCEL at once with the caller's own Reason", () => {
  const script = callScript().start();
  const invite = script.expectInvite();
  script.callee(invite, 180);
  script.expectForCaller(180);
  const own = 'SIP;cause=200;text="Call completed elsewhere"';
  script.wire.inject(request("CANCEL", { headerFields: [["Reason", own]] }));
  script.wire.expect(200);
  script.expectForCaller(487);
  assert.equal(parsedRequest(script.wire.expect("CANCEL")).value("Reason"), own);
  // The callee picks up at the same moment: nobody stays answered.
  script.callee(invite, 200, { body: calleeAnswer });
  script.wire.expect("ACK");
  script.wire.expect("BYE");
  script.wire.expectNothing();
  script.expectReleased();
});

test("BYE of the caller in the early dialog ends the call", () => {
  const script = callScript().start();
  const invite = script.expectInvite();
  script.callee(invite, 180);
  script.expectForCaller(180);
  script.fromCaller("BYE", 2);
  script.wire.expect(200);
  script.expectForCaller(487);
  assert.equal(
    parsedRequest(script.wire.expect("CANCEL")).value("Reason"),
    'Q.850;cause=16;text="Normal call clearing"',
  );
  script.callee(invite, 487);
  script.expectReleased();
});

test("CANCEL between two attempts of one call reaches the second only", () => {
  const script = callScript().start();
  script.callee(script.expectInvite(0), 503);
  script.wire.expect("ACK");
  const second = script.expectInvite(1);
  script.callee(second, 100);
  script.wire.inject(request("CANCEL"));
  script.wire.expect(200);
  script.wire.expect(487);
  script.wire.expect("CANCEL");
  script.callee(second, 487);
  script.wire.expect("ACK");
  assert.deepEqual(
    script.call.facts.attempts.map((one) => one.result),
    ["failed", "abandoned"],
  );
  script.expectReleased();
});

test("CANCEL while the journal is written: 487 to the caller, BYE to the callee, never a 200", () => {
  const script = callScript({ hasSlowJournal: true }).start();
  const invite = script.expectInvite();
  script.callee(invite, 200, { body: calleeAnswer });
  script.wire.expect("ACK");
  script.wire.expectNothing();
  assert.equal(script.call.state, "answering");
  script.wire.inject(request("CANCEL"));
  script.wire.expect(200);
  script.wire.expect(487);
  script.wire.expect("BYE");
  script.journalWritten();
  script.wire.expectNothing();
  const { facts } = script.call;
  assert.deepEqual([facts.statusCode, facts.answeredAtMs, facts.releasedBy], [487, undefined, "caller"]);
  script.expectReleased();
});

test("BYE of the callee while the journal is written: 480 to the caller and no BYE in its early dialog", () => {
  const script = callScript({ hasSlowJournal: true }).start();
  script.callee(script.expectInvite(), 200, { body: calleeAnswer });
  script.wire.expect("ACK");
  script.fromCallee("BYE", 1);
  script.wire.expect(200);
  const refused = script.expectForCaller(480);
  assert.equal(refused.value("Reason"), 'Q.850;cause=16;text="Normal call clearing"');
  script.journalWritten();
  script.wire.expectNothing();
  const { facts } = script.call;
  assert.deepEqual([facts.statusCode, facts.releasedBy, facts.q850Cause], [480, "callee", 16]);
  script.expectReleased();
});

test("hangUp while the journal is written: the reason's status to the caller, BYE to the callee", () => {
  const script = callScript({ hasSlowJournal: true }).start();
  script.callee(script.expectInvite(), 200, { body: calleeAnswer });
  script.wire.expect("ACK");
  script.call.hangUp("operator", reasons.hungUpByOperator);
  script.wire.expect("BYE");
  assert.equal(script.expectForCaller(480).reasonPhrase, "Ended By Operator");
  script.journalWritten();
  script.wire.expectNothing();
  script.expectReleased();
});

test("requests of the callee while the journal is written do not reach the caller's early dialog", () => {
  const script = callScript({ hasSlowJournal: true }).start();
  script.callee(script.expectInvite(), 200, { body: calleeAnswer });
  script.wire.expect("ACK");
  script.fromCallee("INFO", 1);
  assert.ok(script.expectForCaller(500).has("Retry-After"));
  script.fromCallee("INVITE", 2, { body: calleeAnswer });
  script.wire.expect(491);
  script.fromCallee("ACK", 2, { branch: "z9hG4bK-callee-INVITE-2" });
  script.journalWritten();
  script.wire.expect(200);
  script.call.hangUp("exchange", reasons.internalError);
  script.expectReleased();
});

test("hangUp in set-up: 480 without a status of its own, CANCEL with a Reason, the attempt is abandoned", () => {
  const script = callScript().start();
  const invite = script.expectInvite();
  script.callee(invite, 180);
  script.expectForCaller(180);
  script.call.hangUp("exchange", reasons.maximumDurationReached);
  const cancel = parsedRequest(script.wire.expect("CANCEL"));
  assert.equal(cancel.value("Reason"), 'Q.850;cause=31;text="Normal, unspecified"');
  const refused = script.expectForCaller(480);
  assert.equal(refused.reasonPhrase, "Temporarily Unavailable");
  assert.equal(refused.has("Warning"), false);
  assert.equal(script.call.facts.attempts[0]?.reason, reasons.maximumDurationReached);
  script.callee(invite, 487);
  script.expectReleased();
  script.call.hangUp("exchange", reasons.internalError);
  assert.equal(script.call.facts.reason, reasons.maximumDurationReached);
});

test("a fault in set-up ends this call with 500 and our code", () => {
  const script = callScript().start();
  script.expectInvite();
  script.call.onFault();
  const refused = script.expectForCaller(500);
  assert.equal(refused.value("Warning"), '399 tandem "90008 internal-error"');
  script.expectReleased();
});

test("late offer: the callee's offer in the 200, the caller's answer in the ACK", () => {
  const script = callScript({ invite: { body: "" } }).start();
  const invite = script.expectInvite();
  assert.equal(parsedRequest(invite).body, "");
  assert.equal(parsedRequest(invite).has("Content-Type"), false);
  script.callee(invite, 183, { body: calleeAnswer });
  assert.equal(script.expectForCaller(183).body, "");
  script.callee(invite, 200, { body: sdp("192.0.2.7", ["m=audio 6000 RTP/AVP 0 8"]) });
  const ok = script.expectForCaller(200);
  assert.equal(withoutSessionId(ok.body), ourSdp(1, ["m=audio 10000 RTP/AVP 0 8"]));
  script.fromCaller("ACK", 1, { body: sdp("192.0.2.1", ["m=audio 4000 RTP/AVP 8"]) });
  const ack = parsedRequest(script.wire.expect("ACK"));
  assert.equal(ack.value("CSeq"), "1 ACK");
  assert.equal(ack.value("Content-Type"), "application/sdp");
  assert.equal(withoutSessionId(ack.body), ourSdp(1, ["m=audio 10002 RTP/AVP 8"]));
  assert.equal(script.relay.endpoints[0]?.remote?.port, 4000);
  assert.equal(script.relay.endpoints[1]?.remote?.port, 6000);
  script.fromCaller("BYE", 2);
  script.expectReleased();
});

test("late offer: an ACK without an answer ends the call, the callee gets its ACK first", () => {
  const script = callScript({ invite: { body: "" } }).start();
  script.callee(script.expectInvite(), 200, { body: calleeAnswer });
  script.expectForCaller(200);
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
  script.expectForCaller(200);
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
    script.expectForCaller(502);
    const { facts } = script.call;
    assert.deepEqual([facts.statusCode, facts.reason, facts.releasedBy], [502, reasons.badSdp, "exchange"]);
    assert.deepEqual([facts.attempts[0]?.result, facts.attempts[0]?.reason], ["failed", reasons.badSdp]);
    assert.deepEqual(script.heard, ["failed sip:192.0.2.7;edge=test", "released"]);
    script.expectReleased();
  });
}

test("no ACK from the caller in 32 s: BYE to both", () => {
  const script = callScript().start();
  script.callee(script.expectInvite(), 200, { body: calleeAnswer });
  script.wire.expect("ACK");
  script.expectForCaller(200);
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

test("late offer without any ACK: the callee's 200 is acknowledged before the BYE", () => {
  const script = callScript({ invite: { body: "" } }).start();
  script.callee(script.expectInvite(), 200, { body: calleeAnswer });
  script.expectForCaller(200);
  script.clock.advance(31_999);
  for (let i = 0; i < 10; i++) script.wire.expect(200);
  script.clock.advance(1);
  assert.equal(script.wire.expectSent("BYE").target?.address, "192.0.2.1");
  script.wire.expect("ACK");
  assert.equal(script.wire.expectSent("BYE").target?.address, "192.0.2.7");
  script.expectReleased();
});

test("the callee hangs up before the caller's ACK: its BYE waits for it", () => {
  const script = callScript().start();
  script.callee(script.expectInvite(), 200, { body: calleeAnswer });
  script.wire.expect("ACK");
  script.expectForCaller(200);
  script.fromCallee("BYE", 1);
  script.wire.expect(200);
  script.wire.expectNothing();
  assert.equal(script.relay.counts().open, 0);
  script.fromCaller("ACK", 1);
  script.wire.expect("BYE");
  script.expectReleased();
});

for (const [what, parts, statusCode, reason, header] of [
  ["SRTP", { body: sdp("192.0.2.1", ["m=audio 4000 RTP/SAVP 0"]) }, 488, reasons.secureMediaRefused, undefined],
  ["unreadable SDP", { body: "v=1\r\n" }, 400, reasons.badSdp, undefined],
  ["no Contact", { contact: "" }, 400, reasons.invalidContact, undefined],
  ["a tel URI as Contact", { contact: "<tel:+15550001>" }, 400, reasons.invalidContact, undefined],
] as const) {
  test(`an INVITE with ${what} is refused before any attempt`, () => {
    const script = callScript({ invite: parts }).start();
    const refused = script.expectForCaller(statusCode);
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
  const refused = script.expectForCaller(415);
  assert.equal(refused.value("Accept"), "application/sdp");
  script.expectReleased();
});

test("no port for either side: 503 and nothing stays open", () => {
  for (const capacity of [0, 1]) {
    const script = callScript();
    script.relay.capacity = capacity;
    script.start();
    assert.equal(script.expectForCaller(503).reasonPhrase, "No Media Ports");
    script.expectReleased();
  }
});

test("no candidate: 480 for origination, 404 for termination", () => {
  for (const [direction, statusCode, reason] of [
    ["origination", 480, reasons.noOriginationUrl],
    ["termination", 404, reasons.noCandidates],
  ] as const) {
    const skipped = [
      { sid: "SC9", carrierSid: undefined, url: "sip:x", edge: undefined, reason: reasons.candidateDisabled, text: "off" },
    ];
    const script = callScript({ plan: { direction, candidates: [], skipped } }).start();
    script.expectForCaller(statusCode);
    assert.equal(script.call.facts.reason, reason);
    assert.deepEqual(
      script.call.facts.attempts.map((one) => [one.candidateSid, one.result, one.reason, one.reasonText]),
      [["SC9", "skipped", reasons.candidateDisabled, "off"]],
    );
    script.expectReleased();
  }
});

test("all candidates fail: the best response with its own Reason, never a challenge or a 503", () => {
  for (const [first, second, statusCode, reasonValue, cause] of [
    [[403], [503], 403, 'Q.850;cause=21;text="Call rejected"', 21],
    [[503], [503], 500, 'Q.850;cause=41;text="Temporary failure"', 41],
    [[407], [401], 500, 'Q.850;cause=41;text="Temporary failure"', 41],
    [[500, "Q.850;cause=34"], [503], 500, "Q.850;cause=34", 34],
  ] as const) {
    const script = callScript().start();
    for (const [index, [code, reason]] of [first, second].entries()) {
      const headerFields = reason === undefined ? [] : [["Reason", reason] as const];
      script.callee(script.expectInvite(index), code, { headerFields });
      script.wire.expect("ACK");
    }
    const refused = script.expectForCaller(statusCode);
    assert.equal(refused.value("Reason"), reasonValue);
    const { facts } = script.call;
    assert.deepEqual([facts.q850Cause, facts.reason], [cause, reasons.allCandidatesFailed]);
    assert.equal(facts.releasedBy, "exchange");
    script.expectReleased();
  }
});

test("both candidates silent: 408", () => {
  const script = callScript().start();
  script.expectInvite(0);
  script.clock.advance(3999);
  for (const status of [100, "INVITE", "INVITE", "INVITE"]) script.wire.expect(status === 100 ? 100 : "INVITE");
  script.wire.expectNothing();
  script.clock.advance(1);
  script.expectInvite(1);
  assert.deepEqual(
    [script.call.facts.attempts[0]?.reason, script.call.facts.attempts[0]?.statusCode],
    [reasons.attemptTimeoutFirstResponse, undefined],
  );
  script.clock.advance(4000);
  script.agent.layer.close();
  assert.equal(script.call.facts.statusCode, 408);
  assert.equal(script.call.state, "released");
});

test("a stop verdict ends the call with the callee's response, and no other candidate is tried", () => {
  const script = callScript().start();
  script.callee(script.expectInvite(), 486, {
    reasonPhrase: "Busy Here Now",
    headerFields: [["Reason", "SIP;cause=486, Q.850;cause=17"]],
  });
  script.wire.expect("ACK");
  const busy = script.expectForCaller(486);
  assert.equal(busy.reasonPhrase, "Busy Here Now");
  assert.equal(busy.value("Reason"), "SIP;cause=486, Q.850;cause=17");
  assert.equal(busy.has("Warning"), false);
  script.wire.expectNothing();
  const { facts } = script.call;
  assert.deepEqual(
    [facts.releasedBy, facts.q850Cause, facts.reason, facts.statusCode],
    ["callee", 17, reasons.calleeRefused, 486],
  );
  script.expectReleased();
});

test("ring time over: CANCEL, 408 with cause, no other candidate", () => {
  const script = callScript().start();
  const invite = script.expectInvite();
  script.callee(invite, 180);
  script.expectForCaller(180);
  script.clock.advance(179_999);
  script.wire.expectNothing();
  script.clock.advance(1);
  script.wire.expect("CANCEL");
  script.expectForCaller(408);
  assert.equal(script.call.facts.reason, reasons.attemptTimeoutRing);
  script.callee(invite, 487);
  script.expectReleased();
});

test("after ringing only a failure of the network moves the call", () => {
  const script = callScript().start();
  const invite = script.expectInvite();
  script.callee(invite, 180);
  script.expectForCaller(180);
  script.callee(invite, 403);
  script.wire.expect("ACK");
  script.expectForCaller(403);
  script.expectReleased();
  const silent = callScript().start();
  const first = silent.expectInvite();
  silent.callee(first, 180);
  silent.expectForCaller(180);
  silent.callee(first, 503);
  silent.wire.expect("ACK");
  silent.expectInvite(1);
  silent.clock.advance(4000);
  silent.agent.layer.close();
  assert.equal(silent.call.facts.reason, reasons.attemptTimeoutFirstResponse);
  assert.equal(silent.call.facts.statusCode, 408);
});

test("a 181 is passed on but is no alerting: 403 still moves the call", () => {
  const script = callScript().start();
  const invite = script.expectInvite();
  script.callee(invite, 181);
  script.expectForCaller(181);
  assert.equal(script.call.hasAlerted, false);
  script.callee(invite, 403);
  script.wire.expect("ACK");
  script.expectInvite(1);
  script.call.onFault();
  script.expectReleased();
});

test("forks of one attempt are told apart, and a second 200 gets ACK and BYE", () => {
  const script = callScript().start();
  const invite = script.expectInvite();
  script.callee(invite, 180, { toTag: "b1" });
  const first = script.expectForCaller(180);
  script.callee(invite, 180, { toTag: "b2" });
  const second = script.expectForCaller(180);
  assert.notEqual(first.toTag, second.toTag);
  script.callee(invite, 180, { toTag: "b1" });
  assert.equal(script.expectForCaller(180).toTag, first.toTag);
  script.callee(invite, 200, { toTag: "b2", body: calleeAnswer });
  script.wire.expect("ACK");
  assert.equal(script.expectForCaller(200).toTag, second.toTag);
  script.callee(invite, 200, { toTag: "b1", body: calleeAnswer });
  assert.equal(parsedRequest(script.wire.expect("ACK")).toTag, "b1");
  assert.equal(parsedRequest(script.wire.expect("BYE")).toTag, "b1");
  script.fromCaller("ACK", 1);
  script.fromCaller("BYE", 2);
  script.expectReleased();
});

test("early media that can't be read is left out of the 183", () => {
  const script = callScript().start();
  const invite = script.expectInvite();
  script.callee(invite, 183, { body: "rubbish" });
  assert.equal(script.expectForCaller(183).body, "");
  script.call.onFault();
  script.expectReleased();
});
