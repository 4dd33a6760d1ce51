import assert from "node:assert/strict";
import { test } from "node:test";
import type { CommandResult, RunCommand } from "./command.ts";
import { readHost } from "./read-host.ts";

function answering(stdout: string, exitCode = 0): RunCommand {
  return (argv) => {
    const result: CommandResult = {
      argv,
      exitCode,
      stdout,
      stderr: exitCode === 0 ? "" : "Operation not permitted",
    };
    return Promise.resolve(result);
  };
}

test("four answers, one a line, in the order of the questions", async () => {
  const stdout =
    '[{"ifname":"wan1","flags":["UP","LOWER_UP"]}]\n[{"ifname":"lo","addr_info":[{"family":"inet","local":"100.127.0.1","prefixlen":32}]}]\n' +
    '[{"priority":12100,"src":"all","nop":null,"protocol":"84"}]\n[{"dst":"192.0.2.0/24","dev":"wan1","table":"1001","protocol":"84","flags":[]}]\n';
  const host = await readHost(answering(stdout));
  assert.equal(host.links.get("wan1")?.isRunning, true);
  assert.equal(host.addresses[0]?.address, "100.127.0.1");
  assert.deepEqual(host.rules, ["pref 12100 nop"]);
  assert.equal(host.routes[0]?.destination, "192.0.2.0/24");
});

test("an answer that is missing, none at all, and a failure are errors that name the command", async () => {
  await assert.rejects(
    readHost(answering("[]\n[]\n[]\n")),
    /ip -N -json -4 -s -batch - gave 3 answers to 4 questions/,
  );
  await assert.rejects(readHost(answering("[]\n[]\n[]\nx\n")), /ip -N -json -4 -s -batch -: SyntaxError/);
  await assert.rejects(readHost(answering("", 1)), /ended with 1: Operation not permitted/);
});
