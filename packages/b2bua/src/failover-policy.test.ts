import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type AttemptResult,
  type Direction,
  isUserCause,
  type Verdict,
  verdictOf,
} from "./failover-policy.ts";

const both: readonly Direction[] = ["origination", "termination"];

function response(statusCode: number, q850Cause?: number): AttemptResult {
  return { kind: "response", statusCode, q850Cause };
}

function verdict(direction: Direction, result: AttemptResult, hasAlerted = false): Verdict {
  return verdictOf({ direction, result, hasAlerted, overrides: {} });
}

/** The whole table: what is not `next` before alerting. */
const exceptions: Readonly<Record<Direction, Readonly<Record<number, Verdict>>>> = {
  origination: {
    302: "redirect",
    400: "stop",
    401: "authenticate",
    404: "stop",
    405: "stop",
    407: "authenticate",
    410: "stop",
    416: "stop",
    422: "retry-with-min-se",
    482: "stop",
    484: "stop",
    486: "stop",
    491: "retry-after-glare",
    501: "stop",
    505: "stop",
  },
  termination: {
    401: "authenticate",
    407: "authenticate",
    410: "stop",
    422: "retry-with-min-se",
    484: "stop",
    486: "stop",
    491: "retry-after-glare",
  },
};

test("before alerting every status from 300 to 699 has the verdict of the table", () => {
  for (const direction of both) {
    for (let statusCode = 300; statusCode <= 699; statusCode++) {
      const wanted = exceptions[direction][statusCode] ?? (statusCode >= 600 ? "stop" : "next");
      assert.equal(verdict(direction, response(statusCode)), wanted, `${direction} ${statusCode}`);
    }
  }
});

test("timers and transport errors go to the next candidate before alerting", () => {
  for (const direction of both) {
    for (const timer of ["first-response", "progress", "ring"] as const) {
      assert.equal(verdict(direction, { kind: "timeout", timer }), "next");
    }
    assert.equal(verdict(direction, { kind: "transport-error" }), "next");
  }
});

test("404 of a carrier stops with Q.850 cause 1 only; 480 with any user cause, both ways", () => {
  assert.equal(verdict("termination", response(404, 1)), "stop");
  assert.equal(verdict("termination", response(404, 17)), "next");
  for (const direction of both) {
    assert.equal(verdict(direction, response(480, 19)), "stop");
    assert.equal(verdict(direction, response(480, 34)), "next");
    assert.equal(verdict(direction, response(403, 17)), "next");
  }
});

test("the user causes", () => {
  const causes = Array.from({ length: 128 }, (_, cause) => cause).filter(isUserCause);
  assert.deepEqual(causes, [1, 16, 17, 18, 19, 21, 22, 28]);
  assert.equal(isUserCause(undefined), false);
});

test("after alerting only transport errors and 500, 502, 503, 504 without a user cause go on", () => {
  for (const direction of both) {
    for (let statusCode = 300; statusCode <= 699; statusCode++) {
      const isNetwork = [500, 502, 503, 504].includes(statusCode);
      const what = `${direction} ${statusCode}`;
      assert.equal(verdict(direction, response(statusCode), true), isNetwork ? "next" : "stop", what);
      assert.equal(verdict(direction, response(statusCode, 34), true), isNetwork ? "next" : "stop", what);
      assert.equal(verdict(direction, response(statusCode, 17), true), "stop", what);
    }
    assert.equal(verdict(direction, { kind: "transport-error" }, true), "next");
    for (const timer of ["first-response", "progress", "ring"] as const) {
      assert.equal(verdict(direction, { kind: "timeout", timer }, true), "stop");
    }
  }
});

test("an override replaces the table before alerting, for its own status, and not afterwards", () => {
  const overrides = { "486": "next", "503": "stop", "302": "stop" } as const;
  const of = (statusCode: number, hasAlerted: boolean) =>
    verdictOf({ direction: "origination", result: response(statusCode), hasAlerted, overrides });
  assert.equal(of(486, false), "next");
  assert.equal(of(503, false), "stop");
  assert.equal(of(302, false), "stop");
  assert.equal(of(484, false), "stop");
  assert.equal(of(403, false), "next");
  assert.equal(of(486, true), "stop");
  assert.equal(of(503, true), "next");
  const transport = {
    direction: "origination",
    result: { kind: "transport-error" },
    hasAlerted: false,
  } as const;
  assert.equal(verdictOf({ ...transport, overrides }), "next");
});
