import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SideStatistics } from "@tandem/media";
import { reasons } from "@tandem/reasons";
import { parsedRequest, request } from "@tandem/sip/testing";
import { placedAt } from "./call-plan.ts";
import {
  type CallScript,
  type CallScriptOptions,
  calleeAnswer,
  callerOffer,
  callScript,
  candidate,
  place,
  sdp,
} from "./testing/call-script.ts";

/** Events between asking the relay and its answer: what the state machine of a call must not lose. */
function negotiated(options: CallScriptOptions = {}): CallScript {
  const script = callScript({ isNegotiated: true, ...options });
  script.sdpRelay.isHolding = true;
  return script;
}

/** Up to the INVITE to the first candidate. */
function invited(options: CallScriptOptions = {}): { readonly script: CallScript; readonly invite: string } {
  const script = negotiated(options).start();
  script.wire.expectNothing();
  script.sdpRelay.release();
  return { script, invite: script.expectInvite() };
}

/** Up to the callee's 200, which waits for the relay. */
function answering(options: CallScriptOptions = {}): CallScript {
  const { script, invite } = invited(options);
  script.callee(invite, 200, { body: calleeAnswer });
  script.wire.expect("ACK");
  script.wire.expectNothing();
  assert.equal(script.call.state, "answering");
  return script;
}

function answered(): CallScript {
  const script = answering();
  script.sdpRelay.release();
  script.expectResponse(200);
  script.fromCaller("ACK", 1);
  script.sdpRelay.isHolding = false;
  return script;
}

function released(script: CallScript): void {
  assert.equal(script.heard.includes("released"), false, "its record waits for the counts");
  script.sdpRelay.release();
  script.sdpRelay.release();
  script.expectReleased();
}

describe("a call whose media are negotiated", () => {
  test("goes on when the relay has answered; the record has the counts that deleting gave", () => {
    const script = answered();
    const counts = (packets: number): SideStatistics => ({ packets, bytes: 1, lost: 2, jitterMs: 3 });
    script.sdpRelay.statistics = new Map([
      ["ingress", counts(7)],
      ["egress", counts(8)],
    ]);
    script.sdpRelay.isHolding = true;
    script.fromCaller("BYE", 2);
    script.wire.expect(200);
    script.wire.expect("BYE");
    released(script);
    // It counts no telephone events.
    assert.deepEqual(script.call.facts.fromIngress, { ...counts(7), events: null, foreignPackets: null });
    assert.deepEqual(script.call.facts.fromEgress, { ...counts(8), events: null, foreignPackets: null });
    assert.deepEqual(script.call.facts.mediaEngine, { name: "rtpengine", why: "a test", instance: "double" });
  });

  test("CANCEL while the first offer is asked: nothing was sent, nothing is left", () => {
    const script = negotiated().start();
    script.wire.inject(request("CANCEL"));
    script.wire.expect(200);
    script.expectResponse(487);
    released(script);
    assert.deepEqual(script.sdpRelay.asked, ["0 offer ingress", "0 delete"]);
  });

  test("CANCEL while the answer is asked: the callee gets BYE, the caller its 487", () => {
    const script = answering();
    script.wire.inject(request("CANCEL"));
    script.wire.expect(200);
    script.expectResponse(487);
    script.wire.expect("BYE");
    released(script);
    assert.equal(script.call.facts.attempts[0]?.result, "abandoned");
    assert.equal(script.call.facts.attempts[0]?.reason, reasons.callerCanceled);
  });

  test("BYE of the callee while the answer is asked: the caller gets a failure", () => {
    const script = answering();
    script.fromCallee("BYE", 1);
    script.wire.expect(200);
    script.expectResponse(480);
    released(script);
    assert.equal(script.call.facts.releasedBy, "callee");
  });

  test("an operator ends it while the answer is asked", () => {
    const script = answering();
    script.call.hangUp("operator", reasons.hungUpByOperator);
    script.wire.expect("BYE");
    script.expectResponse(480);
    released(script);
  });

  test("a relay that refuses the answer: BYE to the callee, 502 to the caller", () => {
    const script = answering();
    script.sdpRelay.fault = { kind: "unacceptable", text: "no" };
    script.sdpRelay.release();
    script.wire.expect("BYE");
    script.expectResponse(502);
    released(script);
    assert.equal(script.call.facts.reason, reasons.mediaNotAcceptable);
    assert.equal(script.call.facts.attempts[0]?.result, "failed");
  });

  test("a relay that can't be had ends a call with one candidate", () => {
    const script = negotiated({ plan: { candidates: [candidate(0)] } });
    script.sdpRelay.fault = { kind: "unavailable", text: "no rtpengine answers" };
    script.start();
    script.sdpRelay.release();
    const response = script.expectResponse(503);
    assert.match(response.value("Warning") ?? "", /90071/);
    released(script);
  });

  test("early media wait for the relay, and come too late for a call that went on", () => {
    const { script, invite } = invited();
    script.callee(invite, 183, { body: calleeAnswer });
    script.wire.expectNothing();
    script.sdpRelay.release();
    assert.match(script.expectResponse(183).body, /c=IN IP4/);
    script.callee(invite, 183, { body: calleeAnswer });
    script.callee(invite, 486);
    script.wire.expect("ACK");
    script.expectResponse(486);
    script.sdpRelay.release();
    script.sdpRelay.release();
    script.expectReleased();
  });

  test("180 and 200 are told in order while a 183 with media waits", () => {
    const { script, invite } = invited();
    script.callee(invite, 183, { body: calleeAnswer });
    script.callee(invite, 200, { body: calleeAnswer });
    script.wire.expect("ACK");
    script.sdpRelay.release();
    script.sdpRelay.release();
    // The early media were overtaken by the answer.
    script.expectResponse(200);
    script.wire.expectNothing();
  });

  test("the next attempt has a session of its own, with keys of its own; the first is deleted", () => {
    const secure = place(undefined, {
      media: { mediaInterface: "public", source: "address", trustedNetworks: [], srtp: "sdes" },
    });
    const candidates = [
      candidate(0, { placeOf: placedAt(secure) }),
      candidate(1, { placeOf: placedAt(secure) }),
    ];
    const { script, invite } = invited({ plan: { candidates } });
    script.callee(invite, 503);
    script.wire.expect("ACK");
    script.wire.expectNothing();
    script.sdpRelay.release();
    const second = script.expectInvite(1);
    const keyOf = (text: string): string => /^a=crypto:.*$/m.exec(text)?.[0] ?? assert.fail("no key");
    assert.notEqual(keyOf(invite), keyOf(second));
    assert.deepEqual(script.sdpRelay.asked, ["0 offer ingress", "0 delete", "1 offer ingress"]);
    script.call.hangUp("operator", reasons.hungUpByOperator);
    script.expectResponse(480);
    script.sdpRelay.release();
    script.sdpRelay.release();
    assert.equal(script.sdpRelay.openSessions, 0);
  });

  test("an attempt whose offer is not made in time is a timeout, and its late offer is not used", () => {
    const script = negotiated({ plan: { candidates: [candidate(0)] } }).start();
    script.clock.advance(4000);
    script.wire.expect(100);
    script.expectResponse(408);
    released(script);
    assert.deepEqual(script.sdpRelay.asked, ["0 offer ingress", "0 delete"]);
  });

  test("media that must be protected never go through the relay of this process", () => {
    const secure = place(undefined, {
      media: { mediaInterface: "public", source: "address", trustedNetworks: [], srtp: "sdes" },
    });
    const plan = { candidates: [candidate(0, { placeOf: placedAt(secure) })] };
    const script = callScript({ plan }).start();
    assert.match(script.expectResponse(488).value("Warning") ?? "", /90070/);
    script.expectReleased();
  });
});

describe("a re-INVITE whose media are negotiated", () => {
  const hold = `${callerOffer}a=sendonly\r\n`;

  test("is taken up at once, and carried when the relay has answered", () => {
    const script = answered();
    script.sdpRelay.isHolding = true;
    script.fromCaller("INVITE", 2, { body: hold });
    script.expectResponse(100);
    script.wire.expectNothing();
    script.sdpRelay.release();
    const { text } = script.wire.expectSent("INVITE");
    script.callee(text, 200, { body: `${calleeAnswer}a=recvonly\r\n` });
    script.wire.expect("ACK");
    script.wire.expectNothing();
    script.sdpRelay.release();
    script.expectResponse(200);
    assert.equal(script.call.media.isHeld, true);
  });

  test("given up while the relay is asked: 487, and what was agreed on holds", () => {
    const script = answered();
    script.sdpRelay.isHolding = true;
    script.fromCaller("INVITE", 2, { body: hold });
    script.expectResponse(100);
    script.fromCaller("CANCEL", 2, { branch: "z9hG4bK-caller-INVITE-2" });
    script.wire.expect(200);
    script.expectResponse(487);
    for (let step = 0; step < 4; step += 1) script.sdpRelay.release();
    script.wire.expectNothing();
    assert.equal(script.call.media.isOffered, false);
    assert.deepEqual(script.sdpRelay.asked.slice(-3), [
      "0 offer ingress",
      "0 offer ingress",
      "0 answer egress",
    ]);
  });

  test("that says nothing new is carried all the same: an old answer may have old keys and candidates", () => {
    const script = answered();
    script.fromCaller("INVITE", 2, { body: callerOffer });
    script.expectResponse(100);
    script.clock.advance(0);
    script.callee(script.wire.expect("INVITE"), 200, { body: calleeAnswer });
    script.wire.expect("ACK");
    script.clock.advance(0);
    script.expectResponse(200);
  });

  test("of our own refreshes the session with what the callee was shown (RFC 4028 §7.4)", () => {
    const { script, invite } = invited();
    const headerFields = [["Session-Expires", "200;refresher=uac"] as const, ["Allow", "INVITE"] as const];
    script.callee(invite, 200, { body: calleeAnswer, headerFields });
    script.wire.expect("ACK");
    script.sdpRelay.release();
    script.expectResponse(200);
    script.fromCaller("ACK", 1);
    script.sdpRelay.isHolding = false;
    script.clock.advance(100_000);
    const refresh = script.wire.expect("INVITE");
    assert.equal(parsedRequest(refresh).body, parsedRequest(invite).body);
    script.callee(refresh, 200, { body: calleeAnswer, headerFields });
    script.wire.expect("ACK");
    script.clock.advance(0);
    assert.equal(script.sdpRelay.asked.filter((one) => one.endsWith("offer ingress")).length, 1);
  });

  test("with SRTP on a plain leg is refused at once", () => {
    const script = answered();
    script.fromCaller("INVITE", 2, { body: sdp("192.0.2.1", ["m=audio 4000 RTP/SAVP 0"]) });
    script.expectResponse(488);
  });

  test("the call ends while the relay is asked: the re-INVITE gets its final response", () => {
    const script = answered();
    script.sdpRelay.isHolding = true;
    script.fromCaller("INVITE", 2, { body: hold });
    script.expectResponse(100);
    script.fromCallee("BYE", 1);
    script.wire.expect(200);
    script.expectResponse(487);
    script.wire.expect("BYE");
  });

  test("media that are lost end the call, with the reason", () => {
    const script = answered();
    script.sdpRelay.state = "gone";
    script.clock.advance(5000);
    script.wire.expect("BYE");
    script.wire.expect("BYE");
    script.clock.advance(0);
    assert.equal(script.call.facts.reason, reasons.mediaSessionLost);
  });

  test("silence of both sides ends it", () => {
    const script = answered();
    script.clock.advance(299_999);
    assert.equal(script.call.state, "answered");
    script.clock.advance(5001);
    script.clock.advance(0);
    assert.equal(script.call.facts.reason, reasons.mediaInactive);
  });
});
