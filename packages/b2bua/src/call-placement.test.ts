/** What a call does with candidates that find no way out, lines that die, and networks that stand in. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { type EgressCandidate, type Placement, placedAt, type SkippedCandidate } from "./call-plan.ts";
import { type CallScript, calleeAnswer, callScript, candidate, place } from "./testing/call-script.ts";

const down = (fallback?: () => EgressCandidate | SkippedCandidate): EgressCandidate["placeOf"] => {
  return (_address, isLastResort): Placement =>
    isLastResort
      ? { ok: true, place: place("TX1") }
      : {
          ok: false,
          reason: reasons.connectionDown,
          text: "line TX1 is down",
          path: place("TX1").path,
          mayBeTriedLast: true,
          fallback,
        };
};

const noLine: EgressCandidate["placeOf"] = () => ({
  ok: false,
  reason: reasons.noLineToTarget,
  text: "no line",
  path: undefined,
  mayBeTriedLast: false,
  fallback: undefined,
});

function script(...candidates: readonly EgressCandidate[]): CallScript {
  return callScript({ plan: { candidates } }).start();
}

const attempts = ({ call }: CallScript): readonly unknown[] =>
  call.facts.attempts.map((one) => [one.candidateSid, one.result, one.reason?.code, one.connection]);

test("a dead line is skipped at once, with its reason, and the next candidate answers", () => {
  const played = script(candidate(0, { placeOf: down() }), candidate(1));
  played.callee(played.expectInvite(1), 200, { body: calleeAnswer });
  played.wire.expect("ACK");
  played.expectResponse(200);
  assert.deepEqual(attempts(played), [
    ["SC0", "skipped", 90240, "TX1"],
    ["SC1", "answered", undefined, undefined],
  ]);
  assert.deepEqual(played.heard, ["skipped sip:192.0.2.7;edge=test", "journal"]);
});

test("when nothing else is left it is tried after all, once", () => {
  const played = script(candidate(0, { placeOf: down() }), candidate(1));
  played.callee(played.expectInvite(1), 503);
  played.wire.expect("ACK");
  const { target } = played.wire.expectSent("INVITE");
  assert.deepEqual([target?.address, target?.connection], ["192.0.2.7", "TX1"]);
  played.wire.fail();
  played.expectResponse(500);
  assert.deepEqual(attempts(played), [
    ["SC0", "skipped", 90240, "TX1"],
    ["SC1", "failed", 32011, undefined],
    ["SC0", "failed", 90207, "TX1"],
  ]);
});

test("what has no way out is not tried again", () => {
  const played = script(candidate(0, { placeOf: noLine }));
  played.expectResponse(500);
  assert.deepEqual(attempts(played), [["SC0", "skipped", 90241, undefined]]);
});

const overInternet = candidate(3, {
  insteadOf: { reason: reasons.placedOverInternet, text: "instead of TX1" },
});

test("the fallback of a dead line goes before the next candidate, and the record says why", () => {
  const played = script(candidate(0, { placeOf: down(() => overInternet) }), candidate(1));
  played.callee(played.expectInvite(3), 200, { body: calleeAnswer });
  played.wire.expect("ACK");
  played.expectResponse(200);
  assert.deepEqual(attempts(played), [
    ["SC0", "skipped", 90240, "TX1"],
    ["SC3", "answered", 90242, undefined],
  ]);
  assert.equal(played.call.facts.attempts[1]?.reasonText, "instead of TX1");
});

test("the fallback of a line that carried nothing goes before the next candidate, one that answered 503 has none", () => {
  const placeOf = placedAt(place("TX1", { fallback: () => overInternet }));
  const played = script(candidate(0, { placeOf }), candidate(1));
  played.expectInvite(0);
  played.wire.fail();
  played.callee(played.expectInvite(3), 404);
  const refused = script(candidate(0, { placeOf }), candidate(1));
  refused.callee(refused.expectInvite(0), 503);
  refused.wire.expect("ACK");
  refused.expectInvite(1);
});

test("a fallback that can't be made is skipped with its reason", () => {
  const skipped: SkippedCandidate = {
    sid: "SC0",
    carrierSid: undefined,
    url: "sip:192.0.2.7",
    edge: "ashburn",
    reason: reasons.edgeUnreachable,
    text: "no way",
  };
  const played = script(candidate(0, { placeOf: down(() => skipped) }), candidate(1));
  played.expectInvite(1);
  assert.deepEqual(attempts(played).slice(0, 2), [
    ["SC0", "skipped", 90240, "TX1"],
    ["SC0", "skipped", 90213, undefined],
  ]);
});

test("a line that dies during set-up moves the call at once; after the answer it is left alone", () => {
  const played = script(
    candidate(0, { placeOf: placedAt(place("TX1")) }),
    candidate(1, { placeOf: placedAt(place("TX2")) }),
  );
  played.expectInvite(0);
  played.call.onConnectionDown("TX1", "line TX1 is down: link down");
  const second = played.expectInvite(1);
  assert.equal(played.call.facts.attempts[0]?.reasonText, "line TX1 is down: link down");
  played.callee(second, 200, { body: calleeAnswer });
  played.wire.expect("ACK");
  played.expectResponse(200);
  played.call.onConnectionDown("TX2", "line TX2 is down: link down");
  played.wire.expectNothing();
  assert.equal(played.call.state, "answered");
});

test("a place without a free port is passed over while another candidate is left", () => {
  const played = callScript({ plan: { candidates: [candidate(0), candidate(1)] } });
  let asked = 0;
  const open = played.relay.openEndpoint.bind(played.relay);
  played.relay.openEndpoint = (options) => {
    asked += 1;
    return asked === 2 ? undefined : open(options);
  };
  played.start();
  played.expectInvite(1);
  assert.deepEqual(attempts(played)[0], ["SC0", "skipped", 90216, undefined]);
});
