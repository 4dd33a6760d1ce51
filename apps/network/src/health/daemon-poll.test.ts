import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { HandClock } from "@tandem/clock/testing";
import { DaemonPoll } from "./daemon-poll.ts";
import type { RoutingDaemonState } from "./routing-daemon.ts";

function poll() {
  const clock = new HandClock();
  const questions: { answer(state: RoutingDaemonState): void; fail(): void }[] = [];
  const told: string[] = [];
  const daemon = new DaemonPoll({
    clock,
    intervalMs: 1000,
    ask: () =>
      new Promise((resolve, reject) => {
        questions.push({ answer: resolve, fail: () => reject(new Error("gone")) });
      }),
    onChanged: () => told.push("changed"),
    onFault: (error) => told.push(String(error)),
  });
  return { clock, questions, told, daemon };
}

const up: RoutingDaemonState = { bgp: [{ peer: "a", state: "Established" }], bfd: [] };
const idle: RoutingDaemonState = { bgp: [{ peer: "a", state: "Idle" }], bfd: [] };

test("asks again an interval after the answer, and tells only what is new", async () => {
  const { clock, questions, told, daemon } = poll();
  daemon.ask();
  questions[0]?.answer(up);
  await turn();
  assert.deepEqual([daemon.state, told], [up, ["changed"]]);
  clock.advance(999);
  assert.equal(questions.length, 1);
  clock.advance(1);
  questions[1]?.answer({ ...up });
  await turn();
  assert.deepEqual(told, ["changed"]);
  clock.advance(1000);
  questions[2]?.answer(idle);
  await turn();
  assert.deepEqual([daemon.state, told.length], [idle, 2]);
});

test("one question at a time: what is asked meanwhile is asked once more, at once", async () => {
  const { questions, daemon } = poll();
  daemon.ask();
  daemon.ask();
  daemon.ask();
  assert.equal(questions.length, 1);
  questions[0]?.answer(up);
  await turn();
  assert.equal(questions.length, 2);
  questions[1]?.answer(up);
  await turn();
  assert.equal(questions.length, 2);
});

test("a daemon that is silent is told once, is not known, and is asked again", async () => {
  const { clock, questions, told, daemon } = poll();
  daemon.ask();
  questions[0]?.answer(up);
  await turn();
  for (const index of [1, 2]) {
    clock.advance(1000);
    questions[index]?.fail();
    await turn();
  }
  assert.equal(daemon.state, undefined);
  assert.deepEqual(told, ["changed", "Error: gone", "changed"]);
  clock.advance(1000);
  questions[3]?.answer(up);
  await turn();
  assert.equal(daemon.state, up);
});

test("closed: no more questions, and a late answer is no news", async () => {
  const { clock, questions, told, daemon } = poll();
  daemon.ask();
  daemon.close();
  questions[0]?.answer(up);
  await turn();
  clock.advance(5000);
  daemon.ask();
  assert.equal(questions.length, 1);
  assert.deepEqual(told, []);
});
