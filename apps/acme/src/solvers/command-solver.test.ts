import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { CommandSolver } from "./command-solver.ts";

const challenge = { domain: "a.test", token: "t", proof: "va$(id)lue" };

test("the program gets the verb, the name and the value as arguments, past no shell", async (context) => {
  const directory = mkdtempSync(join(tmpdir(), "command-solver-"));
  context.after(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "seen");
  const script = `printf '%s|' "$@" >> "${file}"`;
  const solver = new CommandSolver(new HandClock(), ["/bin/sh", "-c", script, "hook", "--zone", "a"]);
  await solver.add(challenge);
  await solver.remove(challenge);
  assert.equal(
    readFileSync(file, "utf8"),
    "--zone|a|add|_acme-challenge.a.test|va$(id)lue|--zone|a|remove|_acme-challenge.a.test|va$(id)lue|",
  );
});

test("what it complains about is told", async () => {
  const solver = new CommandSolver(new HandClock(), ["/bin/sh", "-c", "echo no such zone >&2; exit 3"]);
  await assert.rejects(solver.add(challenge), /sh add: no such zone$/);
  await assert.rejects(new CommandSolver(new HandClock(), ["/nowhere"]).add(challenge), /ENOENT/);
});

test("after `add` the record gets its time to reach every name server", async () => {
  const clock = new HandClock();
  const solver = new CommandSolver(clock, ["/bin/true"], 30);
  let isReady = false;
  const added = solver.add(challenge).then(() => {
    isReady = true;
  });
  while (clock.pendingTimers === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(clock.nextDelayMs, 30_000);
  assert.equal(isReady, false);
  clock.advance(30_000);
  await added;
});
