import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { parsedRequest } from "@tandem/sip/testing";
import { audio, callScript, normalReason, otherAddress, sdp } from "./testing/call-script.ts";

for (const side of ["caller", "callee"] as const) {
  test(`BYE of the ${side}: 200, and BYE to the other with our CallSid and a Reason`, () => {
    for (const [values, passed, cause] of [
      [[], [normalReason], 16],
      [['SIP;cause=200;text="x"'], ['SIP;cause=200;text="x"'], 16],
      [["Q.850;cause=31", "SIP;cause=500"], ["Q.850;cause=31", "SIP;cause=500"], 31],
    ] as const) {
      const script = callScript().answered();
      const headerFields = values.map((value) => ["Reason", value] as const);
      script.from(side, "BYE", 5, { headerFields });
      script.wire.expect(200);
      const { text, target } = script.wire.expectSent("BYE");
      assert.equal(target?.address, otherAddress[side]);
      const bye = parsedRequest(text);
      assert.deepEqual(bye.values("Reason"), passed);
      assert.equal(bye.value("X-Tandem-CallSid"), "CA1");
      script.wire.expectNothing();
      assert.equal(script.call.facts.releasedBy, side);
      assert.equal(script.call.facts.q850Cause, cause);
      assert.equal(script.call.facts.reason, undefined);
      script.from(side, "BYE", 6);
      script.wire.expect(481);
      script.expectReleased();
    }
  });
}

test("the maximum duration ends the call, not a millisecond before", () => {
  const script = callScript({ plan: { maximumDurationMs: 60_000 } }).answered();
  script.clock.advance(59_999);
  script.wire.expectNothing();
  script.clock.advance(1);
  for (let i = 0; i < 2; i++) {
    assert.equal(
      parsedRequest(script.wire.expect("BYE")).value("Reason"),
      'Q.850;cause=31;text="Normal, unspecified"',
    );
  }
  const { facts } = script.call;
  assert.deepEqual([facts.releasedBy, facts.reason], ["exchange", reasons.maximumDurationReached]);
  script.expectReleased();
});

test("silence of both sides ends the call; one packet of either side starts the time anew", () => {
  for (const index of [0, 1]) {
    const script = callScript({ plan: { mediaInactivityMs: 10_000 } }).answered();
    script.clock.advance(9000);
    script.relay.endpoints[index]?.receive();
    script.clock.advance(9999);
    script.wire.expectNothing();
    script.clock.advance(1);
    script.wire.expect("BYE");
    script.wire.expect("BYE");
    assert.equal(script.call.facts.reason, reasons.mediaInactive);
    script.expectReleased();
  }
});

test("on hold silence is to be expected; after it the time starts anew", () => {
  const script = callScript({ plan: { mediaInactivityMs: 10_000 } }).answered();
  const offer = (sequenceNumber: number, lines: readonly string[]) => {
    script.fromCaller("INVITE", sequenceNumber, { body: sdp("192.0.2.1", lines) });
    script.wire.expect(100);
    script.callee(script.wire.expect("INVITE"), 200, { body: sdp("192.0.2.7", lines) });
    script.wire.expect("ACK");
    script.wire.expect(200);
    script.fromCaller("ACK", sequenceNumber);
  };
  offer(2, [audio, "a=inactive"]);
  script.clock.advance(65_000);
  script.wire.expectNothing();
  offer(3, [audio]);
  script.clock.advance(9999);
  script.wire.expectNothing();
  script.clock.advance(10_001);
  script.wire.expect("BYE");
  script.wire.expect("BYE");
  script.expectReleased();
});

test("hangUp by an operator: BYE both ways, once", () => {
  const script = callScript().answered();
  script.call.hangUp("operator", reasons.hungUpByOperator);
  script.call.hangUp("operator", reasons.internalError);
  for (let i = 0; i < 2; i++) {
    const bye = parsedRequest(script.wire.expect("BYE"));
    assert.equal(bye.value("Reason"), 'Q.850;cause=31;text="Normal, unspecified"');
    assert.equal(bye.value("X-Tandem-CallSid"), "CA1");
  }
  script.wire.expectNothing();
  const { facts } = script.call;
  assert.deepEqual(
    [facts.releasedBy, facts.reason, facts.statusCode],
    ["operator", reasons.hungUpByOperator, 200],
  );
  assert.equal(script.call.legs?.isReleased, true);
  script.expectReleased();
});
