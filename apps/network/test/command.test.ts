import assert from "node:assert/strict";
import { test } from "node:test";
import { SystemClock } from "@tandem/clock";
import { commandLimits, commandRunner, failureText } from "../src/kernel/command.ts";

const clock = new SystemClock();

test("output, input and exit code; no shell looks at the words", async () => {
  const run = commandRunner(clock);
  const cat = await run(["cat"], "through\n");
  assert.deepEqual([cat.exitCode, cat.stdout, cat.stderr], [0, "through\n", ""]);
  const started: number[] = [];
  const echo = await run(["echo", "$HOME;", "`id`"], "", (pid) => started.push(pid));
  assert.equal(echo.stdout, "$HOME; `id`\n");
  assert.ok((started[0] ?? 0) > 0);
});

test("a failure is a value that names the command and its message", async () => {
  const run = commandRunner(clock);
  const failed = await run(["ip", "link", "show", "not-there"]);
  assert.equal(
    failureText(failed),
    'ip link show not-there ended with 1: Device "not-there" does not exist.',
  );
  const missing = await run(["no-such-program"], "", () => assert.fail("it has not started"));
  assert.equal(missing.exitCode, null);
  assert.match(failureText(missing), /^no-such-program did not run: spawn no-such-program ENOENT$/);
  assert.equal(failureText({ ...failed, stderr: "" }), "ip link show not-there ended with 1: no message");
});

test("so many bytes of output and not one more", async () => {
  const run = commandRunner(clock, { ...commandLimits, outputBytes: 1000 });
  assert.equal((await run(["head", "-c", "1000", "/dev/zero"])).stdout.length, 1000);
  const more = await run(["head", "-c", "1001", "/dev/zero"]);
  assert.equal(more.exitCode, null);
  assert.match(more.stderr, /wrote more than 1000 bytes/);
});

test("a command that hangs is ended", async () => {
  const run = commandRunner(clock, { ...commandLimits, runMs: 200 });
  const hanging = await run(["sleep", "600"]);
  assert.equal(hanging.exitCode, null);
  assert.match(hanging.stderr, /took longer than 200 ms/);
});

test("messages beyond what is kept are left out, and the program is not held up by them", async () => {
  const run = commandRunner(clock, { ...commandLimits, errorBytes: 10_000 });
  const noisy = await run(["sh", "-c", "head -c 5000000 /dev/zero >&2; exit 3"]);
  assert.equal(noisy.exitCode, 3);
  assert.ok(noisy.stderr.length < 200_000);
});
