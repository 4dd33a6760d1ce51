import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { parsedRequest, request } from "@tandem/sip/testing";
import { calleeAnswer, callScript, sdp } from "./testing/call-script.ts";

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
