import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { HeaderFields } from "@tandem/sip/message";
import { parsedRequest } from "@tandem/sip/testing";
import { type CallScript, type CallScriptOptions, calleeAnswer, callScript } from "./testing/call-script.ts";

function invited(expires: string, options: CallScriptOptions = {}): CallScript {
  return callScript({ ...options, invite: { headerFields: [["Expires", expires]] } }).start();
}

function assertExpired(script: CallScript): void {
  const response = script.expectResponse(487);
  assert.equal(response.value("Warning"), '399 tandem "90220 invitation-expired"');
  const { facts } = script.call;
  assert.deepEqual(
    [facts.statusCode, facts.reason, facts.releasedBy],
    [487, reasons.invitationExpired, "exchange"],
  );
}

test("an INVITE that expires while it rings: CANCEL to the callee, 487 to the caller (RFC 3261 §13.3.1)", () => {
  const script = invited("30");
  const invite = script.expectInvite();
  script.callee(invite, 180);
  script.expectResponse(180);
  script.clock.advance(29_999);
  script.wire.expectNothing();
  script.clock.advance(1);
  const cancel = parsedRequest(script.wire.expect("CANCEL"));
  assert.match(cancel.value("Reason") ?? "", /^Q\.850;cause=102/);
  assertExpired(script);
  assert.deepEqual(
    script.call.facts.attempts.map(({ result, reason }) => [result, reason]),
    [["abandoned", reasons.invitationExpired]],
  );
  script.callee(invite, 487);
  script.wire.expect("ACK");
  script.expectReleased();
});

test("the time runs on from one candidate to the next", () => {
  const script = invited("5");
  script.expectInvite(0);
  script.clock.advance(3999);
  script.wire.expect(100);
  for (let sent = 0; sent < 3; sent += 1) script.wire.expect("INVITE");
  script.clock.advance(1);
  script.expectInvite(1);
  script.clock.advance(999);
  script.wire.expect("INVITE");
  script.wire.expectNothing();
  script.clock.advance(1);
  assertExpired(script);
});

test("Expires: 0 is over at once: nobody is asked", () => {
  const script = invited("0");
  assertExpired(script);
  assert.deepEqual(script.call.facts.attempts, []);
  script.wire.expectNothing();
  script.expectReleased();
});

for (const [what, expires] of [
  ["the longest", "4294967295"],
  ["one that can't be read", "4294967296"],
  ["a date", "Thu, 01 Dec 1994 16:00:00 GMT"],
] as const) {
  test(`${what} leaves the ring time to us`, () => {
    const script = invited(expires);
    const invite = script.expectInvite();
    script.callee(invite, 180);
    script.expectResponse(180);
    script.clock.advance(180_000);
    script.expectResponse(180);
    script.expectResponse(180);
    script.wire.expect("CANCEL");
    script.expectResponse(408);
    assert.equal(script.call.facts.reason, reasons.attemptTimeoutRing);
    script.callee(invite, 487);
    script.expectReleased();
  });
}

test("a call that is answered in time does not expire, though the journal takes longer", () => {
  const script = invited("30", { hasSlowJournal: true });
  const invite = script.expectInvite();
  script.callee(invite, 200, { body: calleeAnswer });
  script.wire.expect("ACK");
  script.clock.advance(60_000);
  script.wire.expect(100);
  script.wire.expectNothing();
  script.journalWritten();
  script.expectResponse(200);
  script.fromCaller("ACK", 1);
  assert.equal(script.call.state, "answered");
  script.hangUp();
});

test("a caller that gives up leaves nothing that runs", () => {
  const script = invited("30");
  const invite = script.expectInvite();
  script.callee(invite, 180);
  script.expectResponse(180);
  script.call.hangUp("operator", reasons.hungUpByOperator);
  script.wire.expect("CANCEL");
  script.expectResponse(480);
  script.callee(invite, 487);
  script.expectReleased();
});

test("an attempt for another gateway is timed by that one", () => {
  const script = invited("1", { plan: { reporter: { headerFields: () => new HeaderFields() } } });
  const invite = script.expectInvite();
  script.callee(invite, 180);
  script.expectResponse(180);
  script.clock.advance(10_000);
  script.wire.expectNothing();
});
