import assert from "node:assert/strict";
import { test } from "node:test";
import { parsedRequest, parsedResponse } from "@tandem/sip/testing";
import { type CallScript, calleeAnswer, callScript, sdp } from "./testing/call-script.ts";

const supported = { headerFields: [["Supported", "timer, 100rel"]] } as const;
const newOffer = sdp("192.0.2.1", ["m=audio 4400 RTP/AVP 0"]);
const newAnswer = sdp("192.0.2.7", ["m=audio 6600 RTP/AVP 0"]);

/** The relay is asked and has not answered. */
function expectWaiting(script: CallScript): void {
  script.wire.expectNothing();
  script.sdpRelay.release();
}

function prack(script: CallScript, rseq: string | undefined, sequenceNumber: number, body = ""): void {
  script.fromCaller("PRACK", sequenceNumber, { headerFields: [["RAck", `${rseq} 1 INVITE`]], body });
}

/** Up to the callee's reliable 183, which the caller has. */
function early(
  invite: { readonly headerFields: typeof supported.headerFields; readonly body?: string } = supported,
  body = calleeAnswer,
): { readonly script: CallScript; readonly sent: string; readonly rseq: string | undefined } {
  const script = callScript({ isNegotiated: true, invite });
  script.sdpRelay.isHolding = true;
  script.start();
  script.sdpRelay.release();
  const sent = script.expectInvite();
  script.callee(sent, 183, { headerFields: [["Require", "100rel"] as const, ["RSeq", "1"]], body });
  expectWaiting(script);
  const response = script.expectResponse(183);
  assert.equal(response.value("Require"), "100rel");
  assert.match(response.body, /^c=IN IP4/m);
  return { script, sent, rseq: response.value("RSeq") };
}

function acknowledged(): ReturnType<typeof early> {
  const all = early();
  prack(all.script, all.rseq, 2);
  all.script.wire.expect("PRACK");
  all.script.wire.expect(200);
  return all;
}

function released(script: CallScript): void {
  for (let step = 0; step < 4; step += 1) script.sdpRelay.release();
  script.expectReleased();
}

/** The callee answers, without a word on media that were agreed on before. */
function answered({ script, sent }: ReturnType<typeof early>): void {
  script.callee(sent, 200);
  script.wire.expect("ACK");
  assert.equal(script.expectResponse(200).body, "");
  script.fromCaller("ACK", 1);
  script.fromCaller("BYE", 9);
  script.wire.expect(200);
  script.wire.expect("BYE");
  released(script);
}

test("an UPDATE before the answer: its offer and answer go by the relay, after what the reliable 183 agreed on", () => {
  const all = acknowledged();
  const { script } = all;
  script.fromCaller("UPDATE", 3, { body: newOffer });
  assert.equal(script.call.media.isOffered, true);
  expectWaiting(script);
  const carried = script.wire.expect("UPDATE");
  script.callee(carried, 200, { body: newAnswer, contact: "" });
  expectWaiting(script);
  assert.match(parsedResponse(script.wire.expect(200)).body, /^m=audio 30000 /m);
  assert.deepEqual(script.sdpRelay.asked, [
    "0 offer ingress",
    "0 answer egress",
    "0 offer ingress",
    "0 answer egress",
  ]);
  answered(all);
});

test("an UPDATE that the callee refuses: the relay is taken back to what the 183 agreed on", () => {
  const all = acknowledged();
  const { script } = all;
  script.fromCaller("UPDATE", 3, { body: newOffer });
  expectWaiting(script);
  script.callee(script.wire.expect("UPDATE"), 488);
  script.wire.expect(488);
  for (let step = 0; step < 2; step += 1) script.sdpRelay.release();
  const { offers, answers } = script.sdpRelay.sessions[0] ?? assert.fail();
  assert.equal(offers.at(-1)?.sdp, offers[0]?.sdp);
  assert.equal(answers.at(-1)?.sdp, calleeAnswer);
  answered(all);
});

test("the call ends while the relay is asked about an UPDATE: it gets its final response", () => {
  const { script, sent } = acknowledged();
  script.fromCaller("UPDATE", 3, { body: newOffer });
  script.wire.expectNothing();
  script.callee(sent, 486);
  script.wire.expect("ACK");
  script.wire.expect(487);
  script.expectResponse(486);
  released(script);
});

test("an offer in PRACK waits for the relay, and so does its answer (RFC 3262 §5)", () => {
  const all = early();
  const { script, rseq } = all;
  prack(script, rseq, 2, newOffer);
  expectWaiting(script);
  const carried = script.wire.expect("PRACK");
  assert.match(parsedRequest(carried).body, /^m=audio 30000 /m);
  script.callee(carried, 200, { body: newAnswer, contact: "" });
  expectWaiting(script);
  const response = parsedResponse(script.wire.expect(200));
  assert.equal(response.cseqMethod, "PRACK");
  assert.match(response.body, /^m=audio 30000 /m);
  answered(all);
});

test("the attempt ends while the relay is asked about a PRACK: 488, and nothing is left", () => {
  for (const where of ["offer", "answer"] as const) {
    const { script, sent, rseq } = early();
    prack(script, rseq, 2, newOffer);
    if (where === "answer") {
      script.sdpRelay.release();
      script.callee(script.wire.expect("PRACK"), 200, { body: newAnswer, contact: "" });
    }
    script.wire.expectNothing();
    script.callee(sent, 486);
    script.wire.expect("ACK");
    script.expectResponse(486);
    assert.equal(parsedResponse(script.wire.expect(488)).cseqMethod, "PRACK", where);
    released(script);
  }
});

test("late offer: the reliable 183 brings it and the PRACK the answer, both by the relay", () => {
  const all = early({ ...supported, body: "" });
  const { script, rseq } = all;
  prack(script, rseq, 2, sdp("192.0.2.1", ["m=audio 4000 RTP/AVP 0"]));
  expectWaiting(script);
  assert.match(parsedRequest(script.wire.expect("PRACK")).body, /^m=audio 30000 /m);
  script.wire.expect(200);
  answered(all);
});

test("failover after early media that were settled: the next attempt has none of it, in a session of its own", () => {
  const { script, sent } = acknowledged();
  script.fromCaller("UPDATE", 3, { body: newOffer });
  script.sdpRelay.release();
  script.wire.expect("UPDATE");
  script.callee(sent, 503);
  script.wire.expect("ACK");
  script.wire.expect(487);
  for (let step = 0; step < 3; step += 1) script.sdpRelay.release();
  const second = script.expectInvite(1);
  assert.deepEqual(
    script.sdpRelay.sessions[1]?.offers.map((one) => one.sdp),
    [script.sdpRelay.sessions[0]?.offers[0]?.sdp],
  );
  script.callee(second, 200, { body: calleeAnswer });
  script.wire.expect("ACK");
  expectWaiting(script);
  assert.match(script.expectResponse(200).body, /^m=audio 30010 /m);
  script.fromCaller("ACK", 1);
  assert.deepEqual(script.sdpRelay.sessions[1]?.answers.length, 1);
});

test("a 2xx without a description holds what a 183 said that the relay is still asked about", () => {
  const script = callScript({ isNegotiated: true });
  script.sdpRelay.isHolding = true;
  script.start();
  script.sdpRelay.release();
  const sent = script.expectInvite();
  script.callee(sent, 183, { body: calleeAnswer });
  script.callee(sent, 200);
  script.wire.expect("ACK");
  script.sdpRelay.release();
  expectWaiting(script);
  assert.match(script.expectResponse(200).body, /^c=IN IP4/m);
});
