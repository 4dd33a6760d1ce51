import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { parsedRequest, request } from "@tandem/sip/testing";
import { calleeAnswer, callScript, ourSdp, sdp, withoutSessionId } from "./testing/call-script.ts";

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

test("failover: each attempt is an early dialog of its own, the endpoint towards the caller stays", () => {
  const script = callScript().start();
  const first = script.expectInvite(0);
  script.callee(first, 183, { body: calleeAnswer });
  const early = script.expectResponse(183);
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
  const ringing = script.expectResponse(180);
  assert.notEqual(ringing.toTag, early.toTag);
  script.callee(second, 200, { body: sdp("192.0.2.8", ["m=audio 6000 RTP/AVP 0"]) });
  script.wire.expect("ACK");
  const ok = script.expectResponse(200);
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
  script.expectResponse(180);
  const own = 'SIP;cause=200;text="Call completed elsewhere"';
  script.wire.inject(request("CANCEL", { headerFields: [["Reason", own]] }));
  script.wire.expect(200);
  script.expectResponse(487);
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
  script.expectResponse(180);
  script.fromCaller("BYE", 2);
  script.wire.expect(200);
  script.expectResponse(487);
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
  const refused = script.expectResponse(480);
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
  assert.equal(script.expectResponse(480).reasonPhrase, "Ended By Operator");
  script.journalWritten();
  script.wire.expectNothing();
  script.expectReleased();
});

test("requests of the callee while the journal is written do not reach the caller's early dialog", () => {
  const script = callScript({ hasSlowJournal: true }).start();
  script.callee(script.expectInvite(), 200, { body: calleeAnswer });
  script.wire.expect("ACK");
  script.fromCallee("INFO", 1);
  assert.ok(script.expectResponse(500).has("Retry-After"));
  script.fromCallee("INVITE", 2, { body: sdp("192.0.2.7", ["m=audio 6002 RTP/AVP 0"]) });
  script.wire.expect(491);
  script.fromCallee("ACK", 2, { branch: "z9hG4bK-callee-INVITE-2" });
  script.clock.advance(70);
  script.journalWritten();
  script.wire.expect(200);
  assert.equal(script.call.facts.postDialDelayMs, 70);
  script.call.hangUp("exchange", reasons.internalError);
  script.expectReleased();
});

test("hangUp in set-up: 480 without a status of its own, CANCEL with a Reason, the attempt is abandoned", () => {
  const script = callScript().start();
  const invite = script.expectInvite();
  script.callee(invite, 180);
  script.expectResponse(180);
  script.call.hangUp("exchange", reasons.maximumDurationReached);
  const cancel = parsedRequest(script.wire.expect("CANCEL"));
  assert.equal(cancel.value("Reason"), 'Q.850;cause=31;text="Normal, unspecified"');
  const refused = script.expectResponse(480);
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
  const refused = script.expectResponse(500);
  assert.equal(refused.value("Warning"), '399 tandem "90008 internal-error"');
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

test("no candidate: 480 for origination, 404 for termination", () => {
  for (const [direction, statusCode, reason] of [
    ["origination", 480, reasons.noOriginationUrl],
    ["termination", 404, reasons.noCandidates],
  ] as const) {
    const skipped = [
      {
        sid: "SC9",
        carrierSid: undefined,
        url: "sip:x",
        edge: undefined,
        reason: reasons.candidateDisabled,
        text: "off",
      },
    ];
    const script = callScript({ plan: { direction, candidates: [], skipped } }).start();
    script.expectResponse(statusCode);
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
    const refused = script.expectResponse(statusCode);
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
  for (const status of [100, "INVITE", "INVITE", "INVITE"])
    script.wire.expect(status === 100 ? 100 : "INVITE");
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
  const busy = script.expectResponse(486);
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
  script.expectResponse(180);
  script.clock.advance(179_999);
  // Once a minute the caller hears that it still rings.
  script.expectResponse(180);
  script.expectResponse(180);
  script.wire.expectNothing();
  script.clock.advance(1);
  script.wire.expect("CANCEL");
  script.expectResponse(408);
  assert.equal(script.call.facts.reason, reasons.attemptTimeoutRing);
  script.callee(invite, 487);
  script.expectReleased();
});

test("after ringing only a failure of the network moves the call", () => {
  const script = callScript().start();
  const invite = script.expectInvite();
  script.callee(invite, 180);
  script.expectResponse(180);
  script.callee(invite, 403);
  script.wire.expect("ACK");
  script.expectResponse(403);
  script.expectReleased();
  const silent = callScript().start();
  const first = silent.expectInvite();
  silent.callee(first, 180);
  silent.expectResponse(180);
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
  script.expectResponse(181);
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
