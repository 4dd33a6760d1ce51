import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { parsedRequest, type parsedResponse } from "@tandem/sip/testing";
import { audio, type CallScript, calleeAnswer, callerOffer, callScript, sdp } from "./testing/call-script.ts";

type Fields = readonly (readonly [string, string])[];
const withTimer: Fields = [["Supported", "timer"]];
const update: readonly [string, string] = ["Allow", "INVITE, ACK, BYE, UPDATE"];

/** A call whose INVITE and 200 have these header fields; the header fields of our 200 are in `answered`. */
function sessionScript(
  invite: Fields,
  answer: Fields = [],
): { script: CallScript; answered: ReturnType<typeof parsedResponse>; sent: string } {
  const script = callScript({ invite: { headerFields: invite } }).start();
  const sent = script.expectInvite();
  script.callee(sent, 200, { body: calleeAnswer, headerFields: answer });
  script.wire.expect("ACK");
  const answered = script.expectResponse(200);
  script.fromCaller("ACK", 1);
  return { script, answered, sent };
}

/** Media keeps the call from ending for silence. */
function advance(script: CallScript, seconds: number): void {
  for (let left = seconds; left > 0; left -= 200) {
    for (const endpoint of script.relay.endpoints) endpoint.receive(1);
    script.clock.advance(Math.min(left, 200) * 1000);
  }
}

function expectExpired(script: CallScript): void {
  script.wire.expect("BYE");
  script.wire.expect("BYE");
  assert.equal(script.call.facts.reason, reasons.sessionExpired);
  script.expectReleased();
}

test("our INVITE asks for a session timer, our 200 agrees to the caller's (RFC 4028 §7.1, §9)", () => {
  const { script, answered, sent } = sessionScript([
    ["Supported", "timer"],
    ["Session-Expires", "600;refresher=uac"],
  ]);
  assert.equal(parsedRequest(sent).value("Session-Expires"), "1800");
  assert.equal(parsedRequest(sent).value("Supported"), "100rel, timer, norefersub");
  assert.equal(answered.value("Session-Expires"), "600;refresher=uac");
  assert.equal(answered.value("Require"), "timer");
  script.hangUp();
});

test("without a peer that knows session timers there is none", () => {
  const { script, answered } = sessionScript([]);
  assert.equal(answered.has("Session-Expires"), false);
  advance(script, 3600);
  script.wire.expectNothing();
  script.hangUp();
});

test("an interval below Min-SE is refused with 422 and our Min-SE (RFC 4028 §6)", () => {
  const headerFields = [...withTimer, ["Session-Expires", "89"] as const];
  const script = callScript({ invite: { headerFields } }).start();
  assert.equal(script.expectResponse(422).value("Min-SE"), "90");
  assert.equal(script.call.facts.reason, reasons.sessionIntervalTooSmall);
  script.expectReleased();
});

test("a caller that does not refresh: BYE to both 32 s before the end (RFC 4028 §10)", () => {
  const { script } = sessionScript([...withTimer, ["Session-Expires", "600;refresher=uac"]]);
  advance(script, 567.999);
  script.wire.expectNothing();
  script.clock.advance(1);
  expectExpired(script);
});

test("of a short interval a third is left", () => {
  const { script } = sessionScript([...withTimer, ["Session-Expires", "90;refresher=uac"]]);
  script.clock.advance(59_999);
  script.wire.expectNothing();
  script.clock.advance(1);
  expectExpired(script);
});

test("the caller's UPDATE refreshes: answered here, and the time counts anew (RFC 4028 §9)", () => {
  const { script } = sessionScript([...withTimer, ["Session-Expires", "600;refresher=uac"]]);
  advance(script, 500);
  script.fromCaller("UPDATE", 2, { headerFields: [...withTimer, ["Session-Expires", "600;refresher=uac"]] });
  const ok = script.expectResponse(200);
  assert.equal(ok.value("Session-Expires"), "600;refresher=uac");
  assert.equal(ok.value("Require"), "timer");
  script.wire.expectNothing();
  advance(script, 567);
  script.wire.expectNothing();
  advance(script, 1);
  expectExpired(script);
});

test("a re-INVITE with the same offer refreshes: the same answer, the other side hears nothing of it", () => {
  const { script, answered } = sessionScript([...withTimer, ["Session-Expires", "600;refresher=uac"]]);
  advance(script, 300);
  const headerFields = [...withTimer, ["Session-Expires", "600;refresher=uac"] as const];
  script.fromCaller("INVITE", 2, { headerFields, body: callerOffer });
  const ok = script.expectResponse(200);
  assert.equal(ok.body, answered.body);
  assert.equal(ok.value("Session-Expires"), "600;refresher=uac");
  script.wire.expectNothing();
  script.clock.advance(500);
  script.expectResponse(200);
  script.fromCaller("ACK", 2);
  script.fromCaller("UPDATE", 3, { headerFields, body: callerOffer });
  assert.equal(script.expectResponse(200).body, answered.body);
  script.wire.expectNothing();
  script.hangUp();
});

test("a re-INVITE that changes something is carried, and refreshes both legs", () => {
  const { script } = sessionScript(
    [...withTimer, ["Session-Expires", "600;refresher=uac"]],
    [["Session-Expires", "900;refresher=uas"]],
  );
  advance(script, 500);
  const headerFields = [...withTimer, ["Session-Expires", "600;refresher=uac"] as const];
  script.fromCaller("INVITE", 2, { headerFields, body: sdp("192.0.2.1", [audio]) });
  script.wire.expect(100);
  const carried = script.wire.expect("INVITE");
  assert.equal(parsedRequest(carried).value("Session-Expires"), "900;refresher=uas");
  assert.equal(parsedRequest(carried).value("Min-SE"), "90");
  script.callee(carried, 200, {
    body: calleeAnswer,
    headerFields: [["Session-Expires", "900;refresher=uas"]],
  });
  script.wire.expect("ACK");
  assert.equal(script.expectResponse(200).value("Session-Expires"), "600;refresher=uac");
  script.fromCaller("ACK", 2);
  advance(script, 567);
  script.wire.expectNothing();
  advance(script, 1);
  expectExpired(script);
});

test("a carried re-INVITE that the callee refuses with 422 is refused with 500, and the next asks for more", () => {
  const { script } = sessionScript([], [["Session-Expires", "900;refresher=uas"]]);
  script.fromCaller("INVITE", 2, { body: sdp("192.0.2.1", [audio]) });
  script.wire.expect(100);
  script.callee(script.wire.expect("INVITE"), 422, { headerFields: [["Min-SE", "1200"]] });
  script.wire.expect("ACK");
  assert.equal(script.expectResponse(500).has("Min-SE"), false);
  script.fromCaller("ACK", 2, { branch: "z9hG4bK-caller-INVITE-2" });
  script.fromCaller("INVITE", 3, { body: sdp("192.0.2.1", [audio]) });
  script.wire.expect(100);
  const again = parsedRequest(script.wire.expect("INVITE"));
  assert.equal(again.value("Session-Expires"), "1200;refresher=uas");
  assert.equal(again.value("Min-SE"), "1200");
});

test("a 422 to a refresh of the peer inside the dialog", () => {
  const { script } = sessionScript([...withTimer, ["Session-Expires", "600;refresher=uac"]]);
  script.fromCaller("UPDATE", 2, { headerFields: [...withTimer, ["Session-Expires", "10"]] });
  assert.equal(script.expectResponse(422).value("Min-SE"), "90");
  script.hangUp();
});

test("we refresh by UPDATE at half of the interval when the callee takes it, again and again", () => {
  const { script } = sessionScript([], [update, ["Session-Expires", "600;refresher=uac"]]);
  for (let round = 0; round < 3; round += 1) {
    advance(script, 299.999);
    script.wire.expectNothing();
    script.clock.advance(1);
    const refresh = script.wire.expect("UPDATE");
    const parsed = parsedRequest(refresh);
    assert.equal(parsed.value("Session-Expires"), "600;refresher=uac");
    assert.equal(parsed.value("Supported"), "timer, norefersub");
    assert.equal(parsed.body, "");
    assert.notEqual(parsed.value("Contact"), undefined);
    script.callee(refresh, 200, { headerFields: [["Session-Expires", "600;refresher=uac"]], contact: "" });
    script.wire.expectNothing();
  }
  script.hangUp();
});

test("we refresh by re-INVITE with the description that the callee knows when it does not take UPDATE", () => {
  const { script, sent } = sessionScript([], [["Session-Expires", "600;refresher=uac"]]);
  advance(script, 300);
  const refresh = script.wire.expect("INVITE");
  assert.equal(parsedRequest(refresh).body, parsedRequest(sent).body);
  script.callee(refresh, 200, {
    body: sdp("192.0.2.7", ["m=audio 6002 RTP/AVP 0"]),
    headerFields: [["Session-Expires", "600;refresher=uac"]],
  });
  script.wire.expect("ACK");
  script.wire.expectNothing();
  // It moved its media on this occasion.
  assert.equal(script.relay.endpoints[1]?.remote?.port, 6002);
  script.hangUp();
});

test("the caller wants us to refresh: our UPDATE goes to it", () => {
  const { script, answered } = sessionScript([
    ...withTimer,
    update,
    ["Session-Expires", "600;refresher=uas"],
  ]);
  assert.equal(answered.value("Session-Expires"), "600;refresher=uas");
  advance(script, 300);
  const { text, target } = script.wire.expectSent("UPDATE");
  assert.equal(target?.address, "192.0.2.1");
  assert.equal(parsedRequest(text).value("Session-Expires"), "600;refresher=uac");
});

test("a refresh that the callee answers without Session-Expires ends the timer (RFC 4028 §7.2)", () => {
  const { script } = sessionScript([], [update, ["Session-Expires", "600;refresher=uac"]]);
  advance(script, 300);
  script.callee(script.wire.expect("UPDATE"), 200, { contact: "" });
  advance(script, 1200);
  script.wire.expectNothing();
  script.hangUp();
});

test("422 to a refresh: again at once with the Min-SE, once", () => {
  const { script } = sessionScript([], [update, ["Session-Expires", "600;refresher=uac"]]);
  advance(script, 300);
  script.callee(script.wire.expect("UPDATE"), 422, { headerFields: [["Min-SE", "700"]] });
  const again = script.wire.expect("UPDATE");
  assert.equal(parsedRequest(again).value("Session-Expires"), "700;refresher=uac");
  assert.equal(parsedRequest(again).value("Min-SE"), "700");
  script.callee(again, 422, { headerFields: [["Min-SE", "700"]] });
  script.wire.expectNothing();
});

test("408, 481 or no answer to a refresh: the call is over (RFC 4028 §10)", () => {
  for (const how of [408, 481, "timeout"] as const) {
    const { script } = sessionScript([], [update, ["Session-Expires", "600;refresher=uac"]]);
    advance(script, 300);
    const refresh = script.wire.expect("UPDATE");
    if (how !== "timeout") script.callee(refresh, how);
    else {
      script.clock.advance(32_000);
      while (script.wire.next?.text.startsWith("UPDATE") === true) script.wire.expect("UPDATE");
    }
    script.wire.expect("BYE");
    script.wire.expect("BYE");
    assert.equal(script.call.facts.reason, reasons.peerLost);
    script.expectReleased();
  }
});

test("another failure of a refresh: tried again after half of what is left, and BYE at the end", () => {
  const { script } = sessionScript([], [update, ["Session-Expires", "600;refresher=uac"]]);
  advance(script, 300);
  script.callee(script.wire.expect("UPDATE"), 500);
  // 568 s less 300 s are left.
  advance(script, 133.999);
  script.wire.expectNothing();
  script.clock.advance(1);
  script.callee(script.wire.expect("UPDATE"), 500);
  advance(script, 67);
  script.callee(script.wire.expect("UPDATE"), 500);
  script.clock.advance(33_500);
  script.callee(script.wire.expect("UPDATE"), 500);
  script.clock.advance(16_750);
  script.callee(script.wire.expect("UPDATE"), 500);
  script.clock.advance(10_000);
  script.callee(script.wire.expect("UPDATE"), 500);
  script.clock.advance(6749);
  script.wire.expectNothing();
  script.clock.advance(1);
  expectExpired(script);
});

test("glare of a refresh: the owner of the Call-ID waits 2.1 to 4 s (RFC 3261 §14.1)", () => {
  const { script } = sessionScript([], [update, ["Session-Expires", "600;refresher=uac"]]);
  advance(script, 300);
  script.callee(script.wire.expect("UPDATE"), 491);
  script.clock.advance(3049);
  script.wire.expectNothing();
  script.clock.advance(1);
  script.wire.expect("UPDATE");
});

test("while our re-INVITE is under way a re-INVITE of that side, or for it, gets 491", () => {
  const { script } = sessionScript([], [["Session-Expires", "600;refresher=uac"]]);
  advance(script, 300);
  script.wire.expect("INVITE");
  script.fromCallee("INVITE", 1, { body: sdp("192.0.2.7", [audio]) });
  script.wire.expect(491);
  script.fromCaller("INVITE", 2, { body: sdp("192.0.2.1", [audio]) });
  script.wire.expect(491);
});

test("a re-INVITE that would meet one of the other side's waits 2 s", () => {
  const { script } = sessionScript([], [["Session-Expires", "600;refresher=uac"]]);
  advance(script, 299);
  script.fromCaller("INVITE", 2, { body: sdp("192.0.2.1", [audio]) });
  script.wire.expect(100);
  const carried = script.wire.expect("INVITE");
  script.callee(carried, 100);
  script.clock.advance(1000);
  script.wire.expectNothing();
  script.callee(carried, 488);
  script.wire.expect("ACK");
  script.expectResponse(488);
  script.fromCaller("ACK", 2, { branch: "z9hG4bK-caller-INVITE-2" });
  script.clock.advance(1999);
  script.wire.expectNothing();
  script.clock.advance(1);
  script.wire.expect("INVITE");
});

test("a call that ends while a refresh is under way ends in order", () => {
  const { script } = sessionScript([], [["Session-Expires", "600;refresher=uac"]]);
  advance(script, 300);
  const refresh = script.wire.expect("INVITE");
  script.fromCaller("BYE", 2);
  script.wire.expect(200);
  script.wire.expect("BYE");
  script.callee(refresh, 200, { body: calleeAnswer, headerFields: [["Session-Expires", "600"]] });
  script.wire.expect("ACK");
  script.expectReleased();
});

test("glare of a refresh: who does not own the Call-ID waits 0 to 2 s (RFC 3261 §14.1)", () => {
  const { script } = sessionScript([...withTimer, update, ["Session-Expires", "600;refresher=uas"]]);
  advance(script, 300);
  // Both sides of the script answer alike.
  script.callee(script.wire.expect("UPDATE"), 491);
  script.clock.advance(999);
  script.wire.expectNothing();
  script.clock.advance(1);
  script.wire.expect("UPDATE");
});
