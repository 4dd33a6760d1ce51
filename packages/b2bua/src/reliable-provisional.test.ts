import assert from "node:assert/strict";
import { test } from "node:test";
import { parsedRequest, parsedResponse } from "@tandem/sip/testing";
import {
  audio,
  type CallScript,
  calleeAnswer,
  callScript,
  ourSdp,
  sdp,
  withoutSessionId,
} from "./testing/call-script.ts";

const supported = { headerFields: [["Supported", "timer, 100rel"]] } as const;
const required = { headerFields: [["Require", "100rel"]] } as const;
const newOffer = sdp("192.0.2.1", ["m=audio 4400 RTP/AVP 0"]);
const newAnswer = sdp("192.0.2.7", ["m=audio 6600 RTP/AVP 0"]);

/** The callee's reliable response. */
function reliably(script: CallScript, invite: string, statusCode: number, rseq: number, body?: string): void {
  const headerFields = [["Require", "100rel"] as const, ["RSeq", String(rseq)] as const];
  script.callee(invite, statusCode, body === undefined ? { headerFields } : { headerFields, body });
}

/** The caller acknowledges a response that came reliably. */
function prack(script: CallScript, rseq: string | undefined, sequenceNumber: number, body = ""): void {
  script.fromCaller("PRACK", sequenceNumber, { headerFields: [["RAck", `${rseq} 1 INVITE`]], body });
}

test("each leg has its own PRACK: numbers, and who repeats, never cross (RFC 3262)", () => {
  const script = callScript({ invite: supported }).start();
  const invite = script.expectInvite();
  assert.equal(parsedRequest(invite).value("Supported"), "100rel, timer, norefersub");
  reliably(script, invite, 183, 5, calleeAnswer);
  const early = script.expectResponse(183);
  assert.equal(early.value("Require"), "100rel");
  assert.equal(withoutSessionId(early.body), ourSdp(1, ["m=audio 10000 RTP/AVP 0"]));
  script.wire.expectNothing();
  script.clock.advance(500);
  script.expectResponse(183);
  prack(script, early.value("RSeq"), 2);
  const carried = parsedRequest(script.wire.expect("PRACK"));
  assert.equal(carried.value("RAck"), "5 1 INVITE");
  script.wire.expect(200);
  script.callee(invite, 200, { body: calleeAnswer });
  script.wire.expect("ACK");
  const ok = script.expectResponse(200);
  // It has the answer for certain (RFC 6337 §2.1).
  assert.equal(ok.body, "");
  assert.equal(ok.toTag, early.toTag);
  script.fromCaller("ACK", 1);
  script.fromCaller("BYE", 3);
  script.wire.expect(200);
  assert.equal(parsedRequest(script.wire.expect("BYE")).cseqNumber, 3);
  script.expectReleased();
});

test("a caller without PRACK is none the wiser: the callee's response is acknowledged at once", () => {
  const script = callScript().start();
  const invite = script.expectInvite();
  reliably(script, invite, 183, 1, calleeAnswer);
  const early = script.expectResponse(183);
  assert.equal(early.has("RSeq"), false);
  assert.equal(early.has("Require"), false);
  script.wire.expect("PRACK");
  // The answer was in the 183: whatever the 200 says of media is not heard (RFC 6337 §2.2).
  script.callee(invite, 200, { body: newAnswer });
  script.wire.expect("ACK");
  assert.equal(script.expectResponse(200).body, early.body);
  assert.equal(script.relay.endpoints[1]?.remote?.port, 6000);
  script.fromCaller("ACK", 1);
  script.hangUp();
});

test("a caller that only supports PRACK gets a response as it came", () => {
  const script = callScript({ invite: supported }).start();
  script.callee(script.expectInvite(), 180);
  assert.equal(script.expectResponse(180).has("RSeq"), false);
});

test("a caller that requires PRACK gets every response so, 100 aside", () => {
  const script = callScript({ invite: required }).start();
  const invite = script.expectInvite();
  script.clock.advance(100);
  assert.equal(script.expectResponse(100).has("RSeq"), false);
  script.callee(invite, 180);
  const ringing = script.expectResponse(180);
  assert.equal(ringing.value("Require"), "100rel");
  prack(script, ringing.value("RSeq"), 2);
  script.wire.expect(200);
  script.wire.expectNothing();
  // An offer has nowhere to go: for the callee the first one is still open.
  script.callee(invite, 183, { body: calleeAnswer });
  const early = script.expectResponse(183);
  prack(script, early.value("RSeq"), 3, newOffer);
  script.wire.expect(488);
  script.clock.advance(5000);
  script.wire.expectNothing();
});

test("without PRACK the caller gets 504 and the callee CANCEL", () => {
  const script = callScript({ invite: required }).start();
  const invite = script.expectInvite();
  script.callee(invite, 180);
  script.clock.advance(32_000);
  for (let count = 0; count < 7; count += 1) script.expectResponse(180);
  script.wire.expect("CANCEL");
  const failed = script.expectResponse(504);
  assert.match(failed.value("Warning") ?? "", /90309/);
  script.callee(invite, 487);
  script.wire.expect("ACK");
  script.expectReleased();
});

test("without PRACK for the answer an answered callee gets BYE, and the caller never a 200", () => {
  const script = callScript({ invite: supported }).start();
  const invite = script.expectInvite();
  reliably(script, invite, 183, 1, calleeAnswer);
  script.expectResponse(183);
  script.callee(invite, 200, { body: calleeAnswer });
  script.wire.expect("ACK");
  script.clock.advance(32_000);
  for (let count = 0; count < 6; count += 1) script.expectResponse(183);
  script.wire.expect("BYE");
  script.expectResponse(504);
  script.expectReleased();
});

test("late offer: the callee's reliable 183 brings it, the caller's PRACK the answer (RFC 6337 §2, pattern 4)", () => {
  const script = callScript({ invite: { ...supported, body: "" } }).start();
  const invite = script.expectInvite();
  assert.equal(parsedRequest(invite).value("Supported"), "100rel, timer, norefersub");
  reliably(script, invite, 183, 1, sdp("192.0.2.7", ["m=audio 6000 RTP/AVP 0 8"]));
  const early = script.expectResponse(183);
  assert.equal(withoutSessionId(early.body), ourSdp(1, ["m=audio 10000 RTP/AVP 0 8"]));
  prack(script, early.value("RSeq"), 2, sdp("192.0.2.1", [audio]));
  const carried = parsedRequest(script.wire.expect("PRACK"));
  assert.equal(withoutSessionId(carried.body), ourSdp(1, ["m=audio 10002 RTP/AVP 0"]));
  assert.equal(carried.value("Content-Type"), "application/sdp");
  script.wire.expect(200);
  script.callee(invite, 200);
  assert.equal(parsedRequest(script.wire.expect("ACK")).body, "");
  assert.equal(script.expectResponse(200).body, "");
  script.fromCaller("ACK", 1);
  assert.equal(script.relay.endpoints[0]?.remote?.port, 4000);
  assert.equal(script.relay.endpoints[1]?.remote?.port, 6000);
  script.hangUp();
});

test("late offer of a caller without PRACK: the callee is told to use none", () => {
  const script = callScript({ invite: { body: "" } }).start();
  assert.equal(parsedRequest(script.expectInvite()).value("Supported"), "timer, norefersub");
});

test("an offer in PRACK is carried, and its answer comes back in the 200 (RFC 3262 §5)", () => {
  const script = callScript({ invite: supported }).start();
  const invite = script.expectInvite();
  reliably(script, invite, 183, 1, calleeAnswer);
  const early = script.expectResponse(183);
  prack(script, early.value("RSeq"), 2, newOffer);
  const carried = script.wire.expect("PRACK");
  assert.equal(withoutSessionId(parsedRequest(carried).body), ourSdp(2, ["m=audio 10002 RTP/AVP 0"]));
  script.wire.expectNothing();
  script.callee(carried, 200, { body: newAnswer, contact: "" });
  const answered = parsedResponse(script.wire.expect(200));
  assert.equal(answered.cseqMethod, "PRACK");
  assert.equal(withoutSessionId(answered.body), ourSdp(1, ["m=audio 10000 RTP/AVP 0"]));
  assert.equal(script.relay.endpoints[0]?.remote?.port, 4400);
  assert.equal(script.relay.endpoints[1]?.remote?.port, 6600);
  script.callee(invite, 200, { body: calleeAnswer });
  script.wire.expect("ACK");
  assert.equal(script.expectResponse(200).body, "");
  assert.equal(script.relay.endpoints[1]?.remote?.port, 6600);
  script.fromCaller("ACK", 1);
  script.hangUp();
});

test("an offer in PRACK that the callee refuses changes nothing", () => {
  for (const how of ["refused", "no answer in it", "lost"] as const) {
    const script = callScript({ invite: supported }).start();
    const invite = script.expectInvite();
    reliably(script, invite, 183, 1, calleeAnswer);
    const early = script.expectResponse(183);
    prack(script, early.value("RSeq"), 2, newOffer);
    const carried = script.wire.expect("PRACK");
    if (how === "refused") script.callee(carried, 488);
    else if (how === "lost") script.wire.fail();
    else script.callee(carried, 200, { contact: "" });
    script.wire.expect(how === "lost" ? 500 : 488);
    assert.equal(script.relay.endpoints[0]?.remote?.port, 4000, how);
    script.callee(invite, 200, { body: calleeAnswer });
    script.wire.expect("ACK");
    script.expectResponse(200);
    script.fromCaller("ACK", 1);
    script.hangUp();
  }
});

test("a body in PRACK that is no session description is refused with 415, and the response was heard", () => {
  const script = callScript({ invite: supported }).start();
  const invite = script.expectInvite();
  reliably(script, invite, 183, 1, calleeAnswer);
  const early = script.expectResponse(183);
  const headerFields = [
    ["RAck", `${early.value("RSeq")} 1 INVITE`] as const,
    ["Content-Type", "text/plain"] as const,
  ];
  script.fromCaller("PRACK", 2, { headerFields, body: "hello" });
  assert.equal(parsedRequest(script.wire.expect("PRACK")).body, "");
  assert.equal(parsedResponse(script.wire.expect(415)).value("Accept"), "application/sdp");
});

test("failover after early media with PRACK: the next attempt gets the caller's first offer", () => {
  const script = callScript({ invite: supported }).start();
  const first = script.expectInvite(0);
  reliably(script, first, 183, 1, calleeAnswer);
  const early = script.expectResponse(183);
  prack(script, early.value("RSeq"), 2, newOffer);
  const carried = script.wire.expect("PRACK");
  script.callee(carried, 200, { body: newAnswer, contact: "" });
  script.wire.expect(200);
  script.callee(first, 503);
  script.wire.expect("ACK");
  const second = script.expectInvite(1);
  assert.equal(withoutSessionId(parsedRequest(second).body), ourSdp(1, ["m=audio 10004 RTP/AVP 0 101"]));
  script.callee(second, 200, { body: sdp("192.0.2.8", ["m=audio 6000 RTP/AVP 0"]) });
  script.wire.expect("ACK");
  const ok = script.expectResponse(200);
  assert.notEqual(ok.toTag, early.toTag);
  assert.notEqual(ok.body, "");
  script.fromCaller("ACK", 1);
  script.hangUp();
});

test("what is said of media behind a reliable answer is not heard (RFC 3261 §13.2.1, RFC 6337 §2.2)", () => {
  const script = callScript().start();
  const invite = script.expectInvite();
  reliably(script, invite, 183, 1, calleeAnswer);
  const early = script.expectResponse(183);
  script.wire.expect("PRACK");
  reliably(script, invite, 183, 2, newAnswer);
  assert.equal(script.expectResponse(183).body, early.body);
  script.wire.expect("PRACK");
  assert.equal(script.relay.endpoints[1]?.remote?.port, 6000);
  script.callee(invite, 200, { body: newAnswer });
  script.wire.expect("ACK");
  assert.equal(script.expectResponse(200).body, early.body);
  assert.equal(script.relay.endpoints[1]?.remote?.port, 6000);
  script.fromCaller("ACK", 1);
  script.hangUp();
});
