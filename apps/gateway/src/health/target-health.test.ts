import assert from "node:assert/strict";
import { test } from "node:test";
import type { AttemptSignal, EgressCandidate } from "@tandem/b2bua";
import { HandClock } from "@tandem/clock/testing";
import { TargetHealthTable } from "./target-health.ts";

interface Script {
  readonly clock: HandClock;
  readonly table: TargetHealthTable;
  readonly call: (signal: Partial<AttemptSignal>, sid?: string) => void;
  /** "up", or why not. */
  readonly state: (sid?: string) => string;
}

function script(): Script {
  const clock = new HandClock({ monotonicMs: 5_000_000 });
  const table = new TargetHealthTable(clock);
  return {
    clock,
    table,
    call: (signal, sid = "CG1") =>
      table.onAttempt({
        candidate: { sid } as EgressCandidate,
        statusCode: undefined,
        failure: undefined,
        retryAfterSeconds: undefined,
        ...signal,
      }),
    state: (sid = "CG1") => {
      const { isDown, reason } = table.stateOf(sid);
      return isDown ? reason : "up";
    },
  };
}

const silent = { failure: "timeout" } as const;
const refused = { failure: "transport-error" } as const;

test("nobody knows of a target at first: it is tried", () => {
  const { table, state } = script();
  assert.equal(state(), "up");
  assert.deepEqual(table.describe("CG1"), { state: "unknown", reason: null });
});

test("one silent call may happen, the second in a row is too many", () => {
  const { call, state } = script();
  call(silent);
  assert.equal(state(), "up");
  call(silent);
  assert.equal(state(), "did not answer the last calls");
  assert.equal(state("CG2"), "up");
});

for (const statusCode of [180, 200, 404, 486, 500, 603]) {
  test(`a response ${statusCode} in between means alive`, () => {
    const { call, state, table } = script();
    call(silent);
    call({ statusCode });
    call(silent);
    assert.equal(state(), "up");
    assert.deepEqual(table.describe("CG1"), { state: "up", reason: null });
  });
}

for (const statusCode of [408, 503]) {
  test(`a response ${statusCode} says nothing good`, () => {
    const { call, state, table } = script();
    call(silent);
    call({ statusCode });
    assert.equal(table.describe("CG1").state, "unknown");
    call(silent);
    assert.equal(state(), "did not answer the last calls");
  });
}

test("a refused connection counts at once", () => {
  const { call, state, table } = script();
  call(refused);
  assert.equal(state(), "could not be reached by the last call");
  assert.deepEqual(table.describe("CG1"), { state: "down", reason: "could not be reached by the last call" });
});

test("an attempt that neither failed nor was answered in time says nothing", () => {
  const { call, state } = script();
  call(silent);
  call({});
  call({});
  assert.equal(state(), "up");
});

test("a target that never answered a probe is tried again after 30 s", () => {
  const { call, state, clock } = script();
  call(refused);
  clock.advance(29_999);
  assert.notEqual(state(), "up");
  clock.advance(1);
  assert.equal(state(), "up");
});

test("a target that answers probes stays down until it answers one", () => {
  const { call, state, clock, table } = script();
  table.onProbe("CG1", 200);
  call(refused);
  clock.advance(3_600_000);
  assert.equal(state(), "could not be reached by the last call");
  table.onProbe("CG1", 404);
  assert.equal(state(), "up");
});

test("a call that gets through, tried last, brings a target back at once", () => {
  const { call, state, table } = script();
  table.onProbe("CG1", 200);
  call(refused);
  call({ statusCode: 486 });
  assert.equal(state(), "up");
});

test("Retry-After of a 503 holds exactly as long as it says, whatever comes in between", () => {
  const { call, state, clock, table } = script();
  call({ statusCode: 503, retryAfterSeconds: 120 });
  assert.equal(state(), "answered 503 with Retry-After 120");
  table.onProbe("CG1", 200);
  call({ statusCode: 200 });
  clock.advance(119_999);
  assert.equal(state(), "answered 503 with Retry-After 120");
  clock.advance(1);
  assert.equal(state(), "up");
});

test("a refused connection does not shorten it", () => {
  const { call, state, clock } = script();
  call({ statusCode: 503, retryAfterSeconds: 120 });
  call(refused);
  assert.equal(state(), "could not be reached by the last call");
  clock.advance(30_000);
  assert.equal(state(), "answered 503 with Retry-After 120");
});

test("an hour is the longest that is believed", () => {
  const { call, state, clock } = script();
  call({ statusCode: 503, retryAfterSeconds: 3601 });
  assert.equal(state(), "answered 503 with Retry-After 3600");
  clock.advance(3_599_999);
  assert.notEqual(state(), "up");
  clock.advance(1);
  assert.equal(state(), "up");
});

test("Retry-After of any other response is no outage, nor is a 503 without", () => {
  const { call, state } = script();
  call({ statusCode: 486, retryAfterSeconds: 120 });
  call({ statusCode: 503 });
  assert.equal(state(), "up");
});

test("a target that has never answered a probe is judged by calls only", () => {
  const { state, table } = script();
  for (let index = 0; index < 10; index += 1) table.onProbe("CG1", undefined);
  assert.equal(state(), "up");
});

test("one that used to answer is down after two without", () => {
  const { state, table } = script();
  table.onProbe("CG1", 200);
  table.onProbe("CG1", undefined);
  assert.equal(state(), "up");
  table.onProbe("CG1", undefined);
  assert.equal(state(), "does not answer OPTIONS");
  table.onProbe("CG1", 200);
  table.onProbe("CG1", undefined);
  assert.equal(state(), "up", "in a row");
});

for (const statusCode of [408, 503]) {
  test(`probes that are answered with ${statusCode} are as good as not answered`, () => {
    const { state, table } = script();
    table.onProbe("CG1", 200);
    table.onProbe("CG1", statusCode);
    table.onProbe("CG1", statusCode);
    assert.equal(state(), `answers OPTIONS with ${statusCode}`);
  });
}

test("any other answer to a probe is an answer", () => {
  const { state, table } = script();
  for (const statusCode of [404, 405, 501, 481]) {
    table.onProbe("CG1", statusCode);
    table.onProbe("CG1", undefined);
  }
  assert.equal(state(), "up");
});

test("targets that are configured no more are forgotten", () => {
  const { state, table, call } = script();
  call(refused);
  call(refused, "CG2");
  table.retain(new Set(["CG2"]));
  assert.equal(state("CG1"), "up");
  assert.notEqual(state("CG2"), "up");
  assert.equal(table.describe("CG1").state, "unknown");
});
