import assert from "node:assert/strict";
import { test } from "node:test";
import type { AttemptSignal, EgressCandidate } from "@tandem/b2bua";
import { HandClock } from "@tandem/clock/testing";
import { TargetHealthTable, type TargetPath } from "./target-health.ts";

/** A target by one way. */
function way(sid: string, changes: Partial<TargetPath> = {}): TargetPath {
  const path = { interfaceName: "carriers", connection: undefined };
  return { sid, uri: `sip:${sid}.example`, edge: "ashburn-ix", path, ...changes };
}

interface Script {
  readonly clock: HandClock;
  readonly table: TargetHealthTable;
  readonly probe: (sid: string, statusCode: number | undefined) => void;
  readonly describe: (sid: string) => { readonly state: string; readonly reason: string | null };
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
    probe: (sid, statusCode) => table.onProbe(way(sid), statusCode),
    describe: (sid) => {
      const { state, reason } = table.describe(way(sid))[0] ?? { state: "unheard", reason: null };
      return { state, reason };
    },
    call: (signal, sid = "CG1") =>
      table.onAttempt({
        candidate: { sid, nextHop: `sip:${sid}.example`, edge: "ashburn-ix" } as EgressCandidate,
        path: way(sid).path,
        statusCode: undefined,
        failure: undefined,
        retryAfterSeconds: undefined,
        ...signal,
      }),
    state: (sid = "CG1") => {
      const { isDown, reason } = table.stateOf(way(sid));
      return isDown ? reason : "up";
    },
  };
}

const silent = { failure: "timeout" } as const;
const refused = { failure: "transport-error" } as const;

test("nobody knows of a target at first: it is tried", () => {
  const { describe, state } = script();
  assert.equal(state(), "up");
  assert.equal(describe("CG1").state, "unheard");
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
    const { call, describe, state } = script();
    call(silent);
    call({ statusCode });
    call(silent);
    assert.equal(state(), "up");
    assert.deepEqual(describe("CG1"), { state: "up", reason: null });
  });
}

for (const statusCode of [408, 503]) {
  test(`a response ${statusCode} says nothing good`, () => {
    const { call, describe, state } = script();
    call(silent);
    call({ statusCode });
    assert.equal(describe("CG1").state, "unknown");
    call(silent);
    assert.equal(state(), "did not answer the last calls");
  });
}

test("a refused connection counts at once", () => {
  const { call, describe, state } = script();
  call(refused);
  assert.equal(state(), "could not be reached by the last call");
  assert.deepEqual(describe("CG1"), { state: "down", reason: "could not be reached by the last call" });
});

test("an attempt that neither failed nor was answered in time says nothing", () => {
  const { call, state } = script();
  call(silent);
  call({});
  call({});
  assert.equal(state(), "up");
});

test("a target that never answered a probe is tried again after 30 s", () => {
  const { call, clock, state } = script();
  call(refused);
  clock.advance(29_999);
  assert.notEqual(state(), "up");
  clock.advance(1);
  assert.equal(state(), "up");
});

test("a target that answers probes stays down until it answers one", () => {
  const { call, clock, probe, state } = script();
  probe("CG1", 200);
  call(refused);
  clock.advance(3_600_000);
  assert.equal(state(), "could not be reached by the last call");
  probe("CG1", 404);
  assert.equal(state(), "up");
});

test("a call that gets through, tried last, brings a target back at once", () => {
  const { call, probe, state } = script();
  probe("CG1", 200);
  call(refused);
  call({ statusCode: 486 });
  assert.equal(state(), "up");
});

test("Retry-After of a 503 holds exactly as long as it says, whatever comes in between", () => {
  const { call, clock, probe, state } = script();
  call({ statusCode: 503, retryAfterSeconds: 120 });
  assert.equal(state(), "answered 503 with Retry-After 120");
  probe("CG1", 200);
  call({ statusCode: 200 });
  clock.advance(119_999);
  assert.equal(state(), "answered 503 with Retry-After 120");
  clock.advance(1);
  assert.equal(state(), "up");
});

test("a refused connection does not shorten it", () => {
  const { call, clock, state } = script();
  call({ statusCode: 503, retryAfterSeconds: 120 });
  call(refused);
  assert.equal(state(), "could not be reached by the last call");
  clock.advance(30_000);
  assert.equal(state(), "answered 503 with Retry-After 120");
});

test("an hour is the longest that is believed", () => {
  const { call, clock, state } = script();
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
  const { probe, state } = script();
  for (let index = 0; index < 10; index += 1) probe("CG1", undefined);
  assert.equal(state(), "up");
});

test("one that used to answer is down after two without", () => {
  const { probe, state } = script();
  probe("CG1", 200);
  probe("CG1", undefined);
  assert.equal(state(), "up");
  probe("CG1", undefined);
  assert.equal(state(), "does not answer OPTIONS");
  probe("CG1", 200);
  probe("CG1", undefined);
  assert.equal(state(), "up", "in a row");
});

for (const statusCode of [408, 503]) {
  test(`probes that are answered with ${statusCode} are as good as not answered`, () => {
    const { probe, state } = script();
    probe("CG1", 200);
    probe("CG1", statusCode);
    probe("CG1", statusCode);
    assert.equal(state(), `answers OPTIONS with ${statusCode}`);
  });
}

test("any other answer to a probe is an answer", () => {
  const { probe, state } = script();
  for (const statusCode of [404, 405, 501, 481]) {
    probe("CG1", statusCode);
    probe("CG1", undefined);
  }
  assert.equal(state(), "up");
});

test("targets that are configured no more are forgotten", () => {
  const { call, describe, state, table } = script();
  call(refused);
  call(refused, "CG2");
  table.retain([way("CG2")]);
  assert.equal(state("CG1"), "up");
  assert.notEqual(state("CG2"), "up");
  assert.equal(describe("CG1").state, "unheard");
});

test("the same URL by a line, by another line, over the internet and by another URL are judged apart", () => {
  const { table } = script();
  const by = (interfaceName: string, connection?: string): TargetPath =>
    way("OU1", { path: { interfaceName, connection } });
  const ways = [
    by("customers", "TX1"),
    by("customers", "TX2"),
    by("customers"),
    by("internet"),
    way("OU1", { uri: "sip:OU1.example;transport=tcp" }),
    way("OU1", { edge: "ashburn" }),
  ];
  for (const one of ways) table.onProbe(one, 200);
  const [dead] = ways;
  assert.ok(dead !== undefined);
  for (let times = 0; times < 2; times += 1) table.onProbe(dead, undefined);
  assert.deepEqual(
    ways.map((one) => table.stateOf(one).isDown),
    [true, false, false, false, false, false],
  );
  assert.deepEqual(
    table.describe(by("any")).map(({ path, state }) => `${path.interfaceName} ${path.connection} ${state}`),
    [
      "customers TX1 down",
      "customers TX2 up",
      "customers undefined up",
      "internet undefined up",
      "carriers undefined up",
    ],
  );
});

test("an attempt that found no address says nothing about any way", () => {
  const { call, state, describe } = script();
  call({ ...refused, path: undefined });
  assert.equal(state(), "up");
  assert.equal(describe("CG1").state, "unheard");
});

test("silent calls go on counting while probes are answered, and a probe brings back what they brought down", () => {
  const { call, probe, state } = script();
  probe("CG1", 200);
  call(silent);
  probe("CG1", 200);
  call(silent);
  assert.equal(state(), "did not answer the last calls");
  probe("CG1", 200);
  assert.equal(state(), "up");
  call(silent);
  assert.equal(state(), "up");
});

test("when a line is back its targets are given another chance, those of others are not", () => {
  const { table } = script();
  const by = (connection: string): TargetPath =>
    way("OU1", { path: { interfaceName: "customers", connection } });
  for (const one of [by("TX1"), by("TX2")]) {
    table.onProbe(one, 200);
    for (let times = 0; times < 2; times += 1) table.onProbe(one, undefined);
  }
  table.forgive("TX1");
  assert.deepEqual([table.stateOf(by("TX1")).isDown, table.stateOf(by("TX2")).isDown], [false, true]);
  table.onProbe(by("TX1"), undefined);
  assert.equal(table.stateOf(by("TX1")).isDown, false, "it begins anew");
});

test("a URL that was changed is another target, and the old one is forgotten", () => {
  const { table } = script();
  const old = way("OU1", { uri: "sip:old.example" });
  table.onProbe(old, 200);
  table.retain([way("OU1", { uri: "sip:new.example" })]);
  assert.equal(table.knows(old), false);
});

test("ways to targets by state; one that was never heard is unknown", () => {
  const { table, call, probe, clock } = script();
  assert.deepEqual(table.counts(), { up: 0, down: 0, unknown: 0 });
  call({ statusCode: 200 }, "CG1");
  probe("CG2", undefined);
  call({ failure: "transport-error" }, "CG3");
  assert.deepEqual(table.counts(), { up: 1, down: 1, unknown: 1 });
  clock.advance(30_000);
  assert.deepEqual(table.counts(), { up: 1, down: 0, unknown: 2 });
});
