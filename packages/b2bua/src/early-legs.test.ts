import assert from "node:assert/strict";
import { test } from "node:test";
import { parsedRequest, parsedResponse } from "@tandem/sip/testing";
import { allowedMethods, supportedOptions } from "@tandem/sip/user-agent";
import { audio, type CallScript, calleeAnswer, callerOffer, callScript, sdp } from "./testing/call-script.ts";

const withPrack = { headerFields: [["Supported", "100rel"]] } as const;
const callerUpdate = sdp("192.0.2.1", ["m=audio 4400 RTP/AVP 0"]);
const calleeUpdate = sdp("192.0.2.7", ["m=audio 6600 RTP/AVP 0"]);

interface Early {
  readonly script: CallScript;
  readonly invite: string;
  readonly tag: string;
}

/** Both sides have a 183 with the answer, acknowledged. */
function early(allow?: string): Early {
  const script = callScript({ invite: withPrack }).start();
  const invite = script.expectInvite();
  const allowed = allow === undefined ? [] : [["Allow", allow] as const];
  const headerFields = [["Require", "100rel"] as const, ["RSeq", "1"] as const, ...allowed];
  script.callee(invite, 183, { headerFields, body: calleeAnswer });
  const response = script.expectResponse(183);
  script.fromCaller("PRACK", 2, { headerFields: [["RAck", `${response.value("RSeq")} 1 INVITE`]] });
  script.callee(script.wire.expect("PRACK"), 200, { contact: "" });
  script.wire.expect(200);
  return { script, invite, tag: response.toTag };
}

function answer({ script, invite }: Early): void {
  script.callee(invite, 200);
  script.wire.expect("ACK");
  assert.equal(script.expectResponse(200).body, "");
  script.fromCaller("ACK", 1);
}

test("UPDATE with an offer before the answer is carried either way (RFC 3311 §5.1)", () => {
  for (const side of ["caller", "callee"] as const) {
    const one = early();
    const { script } = one;
    const isCaller = side === "caller";
    script.from(side, "UPDATE", 3, { body: isCaller ? callerUpdate : calleeUpdate });
    const carried = script.wire.expect("UPDATE");
    assert.match(parsedRequest(carried).body, isCaller ? /^m=audio 10002 /m : /^m=audio 10000 /m);
    assert.equal(parsedRequest(carried).has("Session-Expires"), false);
    script.callee(carried, 200, { body: isCaller ? calleeUpdate : callerUpdate, contact: "" });
    const ok = parsedResponse(script.wire.expect(200));
    assert.equal(ok.cseqMethod, "UPDATE");
    assert.match(ok.body, isCaller ? /^m=audio 10000 /m : /^m=audio 10002 /m);
    assert.deepEqual(
      script.relay.endpoints.map((endpoint) => endpoint.remote?.port),
      [4400, 6600],
    );
    answer(one);
    script.hangUp();
  }
});

test("an UPDATE under way when the callee answers comes to its end", () => {
  const one = early();
  const { script } = one;
  script.fromCaller("UPDATE", 3, { body: callerUpdate });
  const carried = script.wire.expect("UPDATE");
  answer(one);
  script.callee(carried, 200, { body: calleeUpdate, contact: "" });
  assert.equal(script.expectResponse(200).cseqMethod, "UPDATE");
  assert.equal(script.relay.endpoints[0]?.remote?.port, 4400);
  script.hangUp();
});

test("glare: 500 with Retry-After to the side itself, 491 to the other (RFC 3311 §5.2)", () => {
  const { script } = early();
  script.fromCaller("UPDATE", 3, { body: callerUpdate });
  script.wire.expect("UPDATE");
  script.fromCaller("UPDATE", 4, { body: callerUpdate });
  assert.equal(script.expectResponse(500).value("Retry-After"), "5");
  script.fromCallee("UPDATE", 1, { body: calleeUpdate });
  script.wire.expect(491);
});

test("no offer while that of the INVITE is not answered: 500 to the caller, 491 to the callee", () => {
  const script = callScript({ invite: withPrack }).start();
  const invite = script.expectInvite();
  script.callee(invite, 180, {
    headerFields: [
      ["Require", "100rel"],
      ["RSeq", "1"],
    ],
  });
  script.expectResponse(180);
  script.fromCaller("UPDATE", 2, { body: callerUpdate });
  assert.ok(script.expectResponse(500).has("Retry-After"));
  script.fromCallee("UPDATE", 1, { body: calleeUpdate });
  script.wire.expect(491);
  script.wire.expectNothing();
});

test("a refused UPDATE changes nothing", () => {
  const one = early();
  const { script } = one;
  script.fromCaller("UPDATE", 3, { body: callerUpdate });
  script.callee(script.wire.expect("UPDATE"), 488);
  script.expectResponse(488);
  assert.equal(script.relay.endpoints[0]?.remote?.port, 4000);
  script.fromCaller("UPDATE", 4, { body: callerUpdate });
  script.callee(script.wire.expect("UPDATE"), 481);
  script.expectResponse(481);
  answer(one);
  script.hangUp();
});

test("an answer that can't be used is refused, and the set-up goes on", () => {
  const one = early();
  const { script } = one;
  script.fromCaller("UPDATE", 3, { body: callerUpdate });
  script.callee(script.wire.expect("UPDATE"), 200, { body: "rubbish", contact: "" });
  script.expectResponse(500);
  answer(one);
  script.hangUp();
});

test("UPDATE without an offer refreshes the target and is answered here", () => {
  const one = early();
  const { script } = one;
  script.fromCallee("UPDATE", 1, { contact: "<sip:bob@192.0.2.7:5099>" });
  assert.equal(script.expectResponse(200).has("Session-Expires"), false);
  script.fromCaller("UPDATE", 3);
  script.expectResponse(200);
  script.wire.expectNothing();
  answer(one);
  script.fromCaller("BYE", 9);
  script.wire.expect(200);
  assert.equal(parsedRequest(script.wire.expect("BYE")).requestUri, "sip:bob@192.0.2.7:5060");
});

test("so is one where the callee is not reliable, and says what we take and support", () => {
  const script = callScript({ invite: { headerFields: [["Require", "100rel"]] } }).start();
  script.callee(script.expectInvite(), 183);
  const rack = `${script.expectResponse(183).value("RSeq")} 1 INVITE`;
  script.fromCaller("PRACK", 2, { headerFields: [["RAck", rack]] });
  script.expectResponse(200);
  script.fromCaller("UPDATE", 3);
  const updated = script.expectResponse(200);
  assert.deepEqual(
    [updated.values("Allow"), updated.values("Supported")],
    [[allowedMethods], [supportedOptions]],
  );
});

test("a callee that takes no UPDATE: the offer has to wait for the answer, and goes as re-INVITE then", () => {
  const one = early("INVITE, ACK, CANCEL, BYE, PRACK");
  const { script } = one;
  script.fromCaller("UPDATE", 3, { body: callerUpdate });
  assert.ok(script.expectResponse(500).has("Retry-After"));
  script.callee(one.invite, 200, { headerFields: [["Allow", "INVITE, ACK, CANCEL, BYE, PRACK"]] });
  script.wire.expect("ACK");
  script.expectResponse(200);
  script.fromCaller("ACK", 1);
  script.fromCaller("UPDATE", 4, { body: callerUpdate });
  script.callee(script.wire.expect("INVITE"), 200, { body: calleeUpdate });
  script.wire.expect("ACK");
  assert.equal(script.expectResponse(200).cseqMethod, "UPDATE");
  script.hangUp();
});

test("the attempt fails while an UPDATE is under way: 487 to it, and the next attempt has the first offer", () => {
  const { script, invite } = early();
  script.fromCaller("UPDATE", 3, { body: callerUpdate });
  script.wire.expect("UPDATE");
  script.callee(invite, 503);
  script.wire.expect("ACK");
  script.expectResponse(487);
  const next = parsedRequest(script.expectInvite(1));
  assert.match(next.body, /^m=audio \d+ RTP\/AVP 0 101\r$/m);
});

test("the caller gives up while an UPDATE is under way", () => {
  const { script, invite } = early();
  script.fromCallee("UPDATE", 1, { body: calleeUpdate });
  script.wire.expect("UPDATE");
  script.fromCaller("BYE", 4);
  script.wire.expect(200);
  script.wire.expect(487);
  script.wire.expect("CANCEL");
  script.wire.expect(487);
  script.callee(invite, 487);
  script.wire.expect("ACK");
  script.expectReleased();
});

test("a callee whose responses the caller can't acknowledge has to wait with its offer", () => {
  const script = callScript().start();
  const invite = script.expectInvite();
  script.callee(invite, 183, {
    headerFields: [
      ["Require", "100rel"],
      ["RSeq", "1"],
    ],
    body: calleeAnswer,
  });
  script.expectResponse(183);
  script.callee(script.wire.expect("PRACK"), 200, { contact: "" });
  script.fromCallee("UPDATE", 1, { body: calleeUpdate });
  assert.equal(script.expectResponse(500).value("Retry-After"), "3");
  script.fromCallee("UPDATE", 2);
  script.expectResponse(200);
  script.fromCallee("BYE", 3);
  script.wire.expect(481);
});

test("the callee's BYE in an early dialog is none of its rights (RFC 3261 §15)", () => {
  const one = early();
  one.script.fromCallee("BYE", 1);
  one.script.wire.expect(481);
  answer(one);
  one.script.hangUp();
});

test("an offer that says what was said before is answered here", () => {
  const { script } = early();
  script.fromCaller("UPDATE", 3, { body: callerUpdate });
  script.callee(script.wire.expect("UPDATE"), 200, { body: calleeUpdate, contact: "" });
  const first = script.expectResponse(200);
  script.fromCaller("UPDATE", 4, { body: callerUpdate });
  assert.equal(script.expectResponse(200).body, first.body);
  script.wire.expectNothing();
  script.fromCaller("UPDATE", 5, { body: callerOffer });
  script.wire.expect("UPDATE");
  assert.notEqual(callerOffer, sdp("192.0.2.1", [audio]));
});
