import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { parsedRequest, parsedResponse, request, responseTo } from "@tandem/sip/testing";
import { cancelReason } from "./cancel-reason.ts";
import {
  allCandidatesFailed,
  failureFor,
  failureResponse,
  finalResponse,
  type SetupFailure,
  stoppedBy,
  unusableAnswer,
} from "./setup-failure.ts";

function rows(failure: SetupFailure): string[] {
  return (
    failureResponse(failure)
      .headerFields?.rows()
      .map((row) => `${row.name}: ${row.value}`) ?? []
  );
}

function response(statusCode: number, reasonValue?: string) {
  const headerFields = reasonValue === undefined ? [] : [["Reason", reasonValue] as const];
  return parsedResponse(responseTo(request("INVITE"), statusCode, { headerFields }));
}

test("a failure for a reason of ours: its status, phrase and cause, and our code in Warning", () => {
  const failure = failureFor(reasons.noMediaPorts);
  assert.deepEqual(
    [failure.statusCode, failure.reasonPhrase, failure.q850Cause, failure.releasedBy],
    [503, "No Media Ports", 34, "exchange"],
  );
  assert.deepEqual(rows(failure), ["Reason: Q.850;cause=34", 'Warning: 399 tandem "90216 no-media-ports"']);
  assert.equal(failureResponse(failure).reasonPhrase, "No Media Ports");
});

test("a reason without a status is a 480 with its own phrase; what others ask for has no Warning", () => {
  const failure = failureFor(reasons.maximumDurationReached);
  assert.deepEqual([failure.statusCode, failure.q850Cause], [480, 31]);
  assert.equal("reasonPhrase" in failureResponse(failure), false);
  assert.deepEqual(rows(failureFor(reasons.hungUpByOperator, "operator")), [
    'Reason: Q.850;cause=31;text="Normal, unspecified"',
  ]);
});

test("a reason without a cause has that of its status", () => {
  assert.equal(failureFor(reasons.calleeRefused).q850Cause, 18);
});

test("415 says what is accepted", () => {
  const accepted = ["Accept: application/sdp", "Accept-Encoding: identity"];
  assert.deepEqual(rows(failureFor(reasons.unsupportedMediaType)).slice(-2), accepted);
});

test("the callee's Reason goes on as it stands, and its cause is the call's", () => {
  const failure = allCandidatesFailed([finalResponse(response(480, "Q.850;cause=20"))], false);
  assert.equal(failure.q850Cause, 20);
  assert.deepEqual(rows(failure), ["Reason: Q.850;cause=20"]);
  assert.deepEqual([failure.releasedBy, failure.reason], ["exchange", reasons.allCandidatesFailed]);
  assert.equal(
    rows(allCandidatesFailed([], false)).at(-1),
    'Warning: 399 tandem "90202 all-candidates-failed"',
  );
});

test("stopped by a response or by a timer", () => {
  const shared = { verdict: "stop", reason: undefined, text: "", fallback: undefined } as const;
  const busy = stoppedBy({
    ...shared,
    result: { kind: "response", statusCode: 486, q850Cause: undefined },
    response: response(486),
  });
  assert.deepEqual(
    [busy.statusCode, busy.releasedBy, busy.reason, busy.q850Cause],
    [486, "callee", reasons.calleeRefused, 17],
  );
  const timer = stoppedBy({ ...shared, result: { kind: "timeout", timer: "progress" }, response: undefined });
  assert.deepEqual(
    [timer.statusCode, timer.releasedBy, timer.reason, timer.q850Cause],
    [408, "exchange", reasons.attemptTimeoutProgress, 102],
  );
});

test("an unusable answer is a bad gateway", () => {
  const failure = unusableAnswer(reasons.badSdp, "line 2");
  assert.deepEqual([failure.statusCode, failure.q850Cause, failure.text], [502, 38, "line 2"]);
});

test("the CANCEL of a caller that gives up carries its Reason, or ours", () => {
  const own = parsedRequest(
    request("CANCEL", {
      headerFields: [
        ["Reason", "SIP;cause=200"],
        ["Reason", "Q.850;cause=16"],
      ],
    }),
  );
  const values = (...given: Parameters<typeof cancelReason>) => cancelReason(...given).values("Reason");
  assert.deepEqual(values("cancel", own), ["SIP;cause=200", "Q.850;cause=16"]);
  const bare = parsedRequest(request("CANCEL"));
  assert.deepEqual(values("cancel", bare), ['SIP;cause=487;text="Canceled by the caller"']);
  assert.deepEqual(values("bye", bare), ['Q.850;cause=16;text="Normal call clearing"']);
  assert.deepEqual(values("transport", undefined), ['Q.850;cause=16;text="Normal call clearing"']);
});
