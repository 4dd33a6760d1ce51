import assert from "node:assert/strict";
import { test } from "node:test";
import { SteadyTime } from "@tandem/clock";
import { HandClock } from "@tandem/clock/testing";
import { type Reason, reasons } from "@tandem/reasons";
import { parsedResponse, request, responseTo } from "@tandem/sip/testing";
import { AttemptLog, timeoutReason } from "./attempt-log.ts";
import type { AttemptOutcome } from "./attempt-outcome.ts";
import type { AttemptFacts } from "./call-facts.ts";
import type { EgressAttempt } from "./egress-attempt.ts";
import type { AttemptResult } from "./failover-policy.ts";
import { candidate } from "./testing/call-script.ts";

function script() {
  const clock = new HandClock({ wallMs: 1_000_000 });
  const attempts: AttemptFacts[] = [];
  return { clock, attempts, log: new AttemptLog(new SteadyTime(clock), attempts) };
}

/** What the log reads of an attempt. */
const facts = {
  url: "sip:led.example.com",
  remote: "UDP 192.0.2.7:5060",
  sipCallId: "egress-1",
};
const attempt = facts as EgressAttempt;

function outcome(result: AttemptResult, reason?: Reason): AttemptOutcome {
  const response =
    result.kind === "response"
      ? parsedResponse(responseTo(request("INVITE"), result.statusCode, { reasonPhrase: "So Sorry" }))
      : undefined;
  return { verdict: "next", result, response, reason, text: "what happened", fallback: undefined };
}

test("an attempt from start to answer", () => {
  const { clock, attempts, log } = script();
  log.started(candidate(0, { carrierSid: "CR1" }));
  log.placed({ interfaceName: "customers", connection: "TX1" });
  clock.advance(300);
  log.progressed(180);
  clock.advance(300);
  log.progressed(183);
  clock.advance(400);
  log.answered(attempt);
  assert.deepEqual(attempts, [
    {
      index: 0,
      candidateSid: "SC0",
      carrierSid: "CR1",
      url: "sip:led.example.com",
      edge: "test",
      interfaceName: "customers",
      connection: "TX1",
      viaGateway: undefined,
      remote: "UDP 192.0.2.7:5060",
      sipCallId: "egress-1",
      startedAtMs: 1_000_000,
      postDialDelayMs: 300,
      endedAtMs: 1_001_000,
      result: "answered",
      statusCode: 200,
      reasonPhrase: undefined,
      q850Cause: undefined,
      reason: undefined,
      reasonText: undefined,
    },
  ]);
});

test("an answer without ringing: the post-dial delay ends with it", () => {
  const { clock, attempts, log } = script();
  log.started(candidate(0));
  clock.advance(700);
  log.answered(attempt);
  assert.equal(attempts[0]?.postDialDelayMs, 700);
});

test("failures have a reason for each kind, and one of their own when they know it", () => {
  const table: [result: AttemptResult, carrierSid: string | undefined, reason: Reason][] = [
    [{ kind: "response", statusCode: 486, q850Cause: 17 }, undefined, reasons.originationAttemptFailed],
    [{ kind: "response", statusCode: 486, q850Cause: 17 }, "CR1", reasons.carrierAttemptFailed],
    [{ kind: "transport-error" }, undefined, reasons.transportError],
    [{ kind: "timeout", timer: "first-response" }, undefined, reasons.attemptTimeoutFirstResponse],
    [{ kind: "timeout", timer: "progress" }, undefined, reasons.attemptTimeoutProgress],
    [{ kind: "timeout", timer: "ring" }, undefined, reasons.attemptTimeoutRing],
  ];
  for (const [result, carrierSid, reason] of table) {
    const { clock, attempts, log } = script();
    log.started(candidate(0, { carrierSid }));
    clock.advance(50);
    log.failed(attempt, outcome(result));
    const entry = attempts[0];
    assert.ok(entry !== undefined);
    assert.deepEqual([entry.result, entry.reason, entry.reasonText], ["failed", reason, "what happened"]);
    assert.deepEqual(
      [entry.statusCode, entry.reasonPhrase, entry.q850Cause],
      result.kind === "response" ? [486, "So Sorry", 17] : [undefined, undefined, undefined],
    );
    assert.equal(entry.endedAtMs, 1_000_050);
    assert.equal(entry.postDialDelayMs, undefined);
    if (result.kind === "timeout") assert.equal(timeoutReason(result.timer), reason);
  }
  const { attempts, log } = script();
  log.started(candidate(0));
  const moved = { kind: "response", statusCode: 302, q850Cause: undefined } as const;
  log.failed(attempt, outcome(moved, reasons.redirectFailed));
  assert.equal(attempts[0]?.reason, reasons.redirectFailed);
});

test("abandoned: only what has no result yet", () => {
  const { clock, attempts, log } = script();
  log.abandoned(attempt, reasons.callerCanceled);
  log.started(candidate(0));
  clock.advance(10);
  log.abandoned(undefined, reasons.callerCanceled);
  assert.equal(attempts[0]?.reason, undefined);
  log.abandoned(attempt, reasons.callerCanceled);
  assert.deepEqual(
    [attempts[0]?.result, attempts[0]?.reason, attempts[0]?.endedAtMs],
    ["abandoned", reasons.callerCanceled, 1_000_010],
  );
  log.started(candidate(1));
  log.failed(attempt, outcome({ kind: "transport-error" }));
  log.abandoned(attempt, reasons.callerCanceled);
  assert.equal(attempts[1]?.result, "failed");
  assert.equal(attempts[1]?.reason, reasons.transportError);
  log.started(candidate(0));
  log.answered(attempt);
  log.abandoned(attempt, reasons.callerCanceled);
  assert.equal(attempts[2]?.result, "answered");
  assert.deepEqual(
    attempts.map((entry) => entry.index),
    [0, 1, 2],
  );
});

test("an answer that can't be used is a failed attempt with 200", () => {
  const { attempts, log } = script();
  log.started(candidate(0));
  log.unusable({ ...facts, sipCallId: "" } as EgressAttempt, reasons.badSdp, "line 3");
  const entry = attempts[0];
  assert.deepEqual(
    [entry?.result, entry?.statusCode, entry?.reason, entry?.reasonText, entry?.sipCallId],
    ["failed", 200, reasons.badSdp, "line 3", undefined],
  );
});

test("nothing is written before the first attempt", () => {
  const { attempts, log } = script();
  log.progressed(180);
  log.answered(attempt);
  log.failed(attempt, outcome({ kind: "transport-error" }));
  log.unusable(attempt, reasons.badSdp, "");
  assert.deepEqual(attempts, []);
});

test("an attempt that found no way out is a skipped candidate, with the way it would have taken", () => {
  const { attempts, log } = script();
  log.started(candidate(0));
  log.unplaced(reasons.connectionDown, "TX1 is down", { interfaceName: "customers", connection: "TX1" });
  log.started(candidate(1));
  log.unplaced(reasons.noLineToTarget, "no line", undefined);
  assert.deepEqual(
    attempts.map((one) => [one.result, one.reason?.code, one.reasonText, one.interfaceName, one.connection]),
    [
      ["skipped", 90240, "TX1 is down", "customers", "TX1"],
      ["skipped", 90241, "no line", undefined, undefined],
    ],
  );
});

test("one that stands in for another says so when it answers, and why it failed when it fails", () => {
  const { attempts, log } = script();
  const insteadOf = { reason: reasons.placedOverInternet, text: "TX1 is down" };
  log.started(candidate(0, { insteadOf }));
  log.answered(attempt);
  log.started(candidate(0, { insteadOf }));
  log.failed(attempt, outcome({ kind: "transport-error" }));
  assert.deepEqual(
    attempts.map((one) => [one.result, one.reason?.code, one.reasonText]),
    [
      ["answered", 90242, "TX1 is down"],
      ["failed", 90207, "what happened"],
    ],
  );
});

test("one that was withdrawn leaves nothing", () => {
  const { attempts, log } = script();
  log.started(candidate(0));
  log.withdrawn();
  log.placed({ interfaceName: "customers", connection: "TX1" });
  assert.deepEqual(attempts, []);
});
