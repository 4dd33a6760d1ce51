import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { parsedRequest } from "@tandem/sip/testing";
import { calleeAnswer, callScript, ourSdp, sdp, withoutSessionId } from "./testing/call-script.ts";

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
