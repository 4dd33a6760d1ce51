import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { HandClock } from "@tandem/clock/testing";
import { FamilyMember } from "./family-member.ts";
import { LogFile } from "./log-file.ts";

interface Stage {
  readonly member: FamilyMember;
  readonly clock: HandClock;
  readonly crashes: string[];
  readonly output: () => string;
}

function memberThatRuns(t: TestContext, source: string, file = process.execPath): Stage {
  const folder = mkdtempSync(join(tmpdir(), "tandem-member-"));
  const log = new LogFile(join(folder, "x.log"));
  const clock = new HandClock();
  const crashes: string[] = [];
  const member = new FamilyMember(
    { name: "program", file, args: ["-e", source], environment: { WORD: "here" } },
    log,
    clock,
    { onCrash: (name, how, delayMs) => void crashes.push(`${name}: ${how}: ${delayMs}`) },
  );
  t.after(async () => {
    await member.stop();
    log.close();
    rmSync(folder, { recursive: true });
  });
  return { member, clock, crashes, output: () => readFileSync(log.path, "utf8") };
}

/** Polls with a generous deadline: a loaded machine starts processes slowly. */
async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries += 1) {
    assert.ok(tries < 1000, "it never came true");
    await wait(20);
  }
}

const staysUp = "console.log('up', process.env.WORD); setInterval(() => {}, 1000)";

describe("FamilyMember", () => {
  it("runs the program with its environment and keeps its output", async (t) => {
    const { member, output, clock } = memberThatRuns(t, staysUp);
    assert.equal(member.mode, "stopped");
    member.start();
    member.start();
    await until(() => output() === "up here\n");
    assert.equal(member.mode, "running");
    await member.stop();
    assert.equal(member.mode, "stopped");
    assert.equal(member.pid, undefined);
    assert.equal(clock.pendingTimers, 0);
    await member.stop();
  });

  it("starts a crashed program again, each time later", async (t) => {
    const { member, clock, crashes } = memberThatRuns(t, "process.exit(3)");
    member.start();
    await until(() => member.mode === "waiting");
    clock.advance(499);
    assert.equal(member.mode, "waiting");
    clock.advance(1);
    assert.equal(member.mode, "running");
    await until(() => member.mode === "waiting");
    clock.advance(999);
    assert.equal(member.mode, "waiting");
    assert.deepEqual(crashes, ["program: exit code 3: 500", "program: exit code 3: 1000"]);
    assert.equal(member.crashes, 2);
  });

  it("a program that ran for a minute is started again soon", async (t) => {
    const { member, clock, crashes, output } = memberThatRuns(t, staysUp);
    member.start();
    await until(() => output() !== "");
    clock.advance(60_000);
    process.kill(member.pid ?? 0, "SIGKILL");
    await until(() => member.mode === "waiting");
    assert.deepEqual(crashes, ["program: SIGKILL: 500"]);
    assert.equal(member.crashes, 1);
  });

  it("stays down once it was stopped while waiting", async (t) => {
    const { member, clock } = memberThatRuns(t, "process.exit(0)");
    member.start();
    await until(() => member.mode === "waiting");
    await member.stop();
    clock.advance(60_000);
    assert.equal(member.mode, "stopped");
  });

  it("kills a program that does not end when asked", async (t) => {
    const deaf =
      "process.on('SIGTERM', () => console.log('no')); console.log('up'); setInterval(() => {}, 1000)";
    const { member, clock, crashes, output } = memberThatRuns(t, deaf);
    member.start();
    await until(() => output() === "up\n");
    const stopped = member.stop();
    const stoppedAgain = member.stop();
    await until(() => output().includes("no"));
    clock.advance(9999);
    assert.notEqual(member.pid, undefined);
    clock.advance(1);
    await stopped;
    await stoppedAgain;
    assert.deepEqual(crashes, []);
  });

  it("a program that cannot be started is a crash", async (t) => {
    const { member, crashes } = memberThatRuns(t, "", "/no/such/program");
    member.start();
    await until(() => member.mode === "waiting");
    assert.match(crashes[0] ?? "", /ENOENT/);
  });
});
