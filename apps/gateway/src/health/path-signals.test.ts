import assert from "node:assert/strict";
import { test } from "node:test";
import type { AttemptSignal, EgressCandidate } from "@tandem/b2bua";
import { HandClock } from "@tandem/clock/testing";
import { ConnectionHealthTable } from "../lines/connection-health-table.ts";
import { PathSignals } from "./path-signals.ts";
import type { ProbeTarget } from "./probe-targets.ts";
import { TargetHealthTable } from "./target-health.ts";

function script() {
  const clock = new HandClock({ monotonicMs: 1000 });
  const lines = new ConnectionHealthTable({ clock, onChange: () => {} });
  lines.setLines(new Set(["TX1", "TX2"]));
  const targets = new TargetHealthTable(clock);
  const hurried: string[] = [];
  const prober = { hurry: (sid: string) => hurried.push(sid), hurryLine: (sid: string) => hurried.push(sid) };
  const signals = new PathSignals({ targets, lines, prober: () => prober });
  const probeTarget = (sid: string): ProbeTarget => ({
    sid,
    uri: `sip:${sid}`,
    edge: "ashburn-ix",
    pathTo: () => undefined,
    fixedPath: undefined,
  });
  const by = (connection?: string) => ({ interfaceName: "customers", connection });
  return {
    hurried,
    targets,
    signals,
    probeTarget,
    state: (line = "TX1") => lines.describe().find(({ sid }) => sid === line)?.state,
    call: (sid: string, signal: Partial<AttemptSignal>, connection: string | undefined = "TX1") =>
      signals.onAttempt({
        candidate: { sid, nextHop: `sip:${sid}`, edge: "ashburn-ix" } as EgressCandidate,
        path: by(connection),
        statusCode: undefined,
        failure: undefined,
        retryAfterSeconds: undefined,
        ...signal,
      }),
    probe: (sid: string, statusCode: number | undefined, connection: string | undefined = "TX1") =>
      signals.onProbe(probeTarget(sid), by(connection), statusCode),
  };
}

const silent = { failure: "timeout" } as const;

test("an answer to a call or a probe is a good sign for its line, and for no other", () => {
  for (const hear of [
    ({ call }: ReturnType<typeof script>) => call("OU1", { statusCode: 503 }),
    ({ probe }: ReturnType<typeof script>) => probe("OU1", 404),
  ]) {
    const heard = script();
    hear(heard);
    assert.deepEqual([heard.state(), heard.state("TX2")], ["up", "unknown"]);
  }
});

test("two silent calls are two bad ones, and everybody behind the line is asked", () => {
  const { call, state, hurried } = script();
  call("OU1", silent);
  assert.deepEqual(hurried, ["OU1", "TX1"]);
  call("OU2", silent);
  assert.equal(state(), "down");
});

test("a refused connection says nothing about the line", () => {
  const { call, state, hurried } = script();
  for (let times = 0; times < 3; times += 1) call("OU1", { failure: "transport-error" });
  assert.equal(state(), "unknown");
  assert.ok(!hurried.includes("TX1"));
});

test("probes of a target that never answered say nothing about the line; of one that did, they do", () => {
  const { probe, state } = script();
  for (let times = 0; times < 3; times += 1) probe("OU1", undefined);
  assert.equal(state(), "unknown");
  probe("OU1", 200);
  probe("OU1", undefined);
  probe("OU1", undefined);
  assert.equal(state(), "down");
});

test("one that answered by another line has not answered by this one", () => {
  const { probe, state } = script();
  probe("OU1", 200, "TX2");
  for (let times = 0; times < 3; times += 1) probe("OU1", undefined, "TX1");
  assert.equal(state("TX1"), "unknown");
});

test("what is probed no more is forgotten", () => {
  const { probe, state, signals, probeTarget } = script();
  probe("OU1", 200);
  probe("OU2", 200);
  signals.retain([probeTarget("OU2")]);
  probe("OU1", undefined);
  probe("OU1", undefined);
  assert.equal(state(), "up");
});

test("without a line only the target is concerned, without a way not even that", () => {
  const { call, probe, targets, hurried } = script();
  const over = {
    sid: "CG1",
    uri: "sip:CG1",
    edge: "ashburn-ix",
    path: { interfaceName: "customers", connection: undefined },
  };
  call("CG1", { ...silent, path: undefined });
  assert.equal(targets.knows(over), false);
  assert.deepEqual(hurried, []);
  call("CG1", { ...silent, path: over.path });
  call("CG1", { ...silent, path: over.path });
  assert.equal(targets.stateOf(over).isDown, true);
  probe("CG2", 200);
});
