import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { EventStream, monitorRestartMs } from "../src/watch/event-stream.ts";
import { eventually } from "./namespaces.ts";

function stream(argv: readonly string[]) {
  const clock = new HandClock();
  const lines: string[] = [];
  const ends: string[] = [];
  const subject = new EventStream({
    clock,
    argv,
    onLine: (line) => lines.push(line),
    onEnd: (why) => ends.push(why),
  });
  return { clock, lines, ends, subject };
}

test("its lines are told; when it ends that is told, and it is started again after a while", async () => {
  const { clock, lines, ends, subject } = stream(["sh", "-c", "echo one; echo two; exit 3"]);
  subject.start();
  await eventually("both lines and the end", () => (lines.length === 2 && ends.length === 1) || undefined);
  assert.deepEqual([lines, ends], [["one", "two"], ["sh -c echo one; echo two; exit 3 ended with 3"]]);
  clock.advance(monitorRestartMs - 1);
  assert.equal(clock.pendingTimers, 1);
  clock.advance(1);
  await eventually("again", () => (lines.length === 4 && ends.length === 2) || undefined);
  subject.close();
  assert.equal(clock.pendingTimers, 0);
});

test("a program that can't be started is tried again as well", async () => {
  const { clock, ends, subject } = stream(["no-such-program"]);
  subject.start();
  await eventually("the end", () => ends.length === 1 || undefined);
  assert.match(ends[0] ?? "", /ENOENT/);
  clock.advance(monitorRestartMs);
  await eventually("the end of the second", () => ends.length === 2 || undefined);
  subject.close();
});

test("closed: it is ended, which is no news", async () => {
  const { lines, ends, subject } = stream(["sh", "-c", "echo $$; exec sleep 600"]);
  subject.start();
  const pid = await eventually("its process id", () => lines[0]);
  subject.close();
  await eventually("it has ended", () => !isRunning(Number(pid)) || undefined);
  assert.deepEqual(ends, []);
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
