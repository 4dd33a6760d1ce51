import assert from "node:assert/strict";
import { test } from "node:test";
import type { CommandResult, RunCommand } from "../kernel/command.ts";
import type { HostState } from "../kernel/host-state.ts";
import { ruleset } from "../plan/ruleset.ts";
import { exampleEdge, exampleLine } from "../testing/example-lines.ts";
import { Enforcer } from "./enforcer.ts";

const emptyHost: HostState = { links: new Map(), addresses: [], rules: [], routes: [] };
const settings = { read: () => undefined, write: () => {} };
const lines = [exampleLine()];

interface Call {
  readonly argv: string;
  readonly input: string;
}

/** A kernel that takes everything but what `fails` says. */
function kernel(fails: (call: Call) => string | undefined = () => undefined, listing = "") {
  const calls: Call[] = [];
  const run: RunCommand = (argv, input = "", onStarted) => {
    const call = { argv: argv.join(" "), input };
    calls.push(call);
    onStarted?.(100 + calls.length);
    const error = fails(call);
    const result: CommandResult = {
      argv,
      exitCode: error === undefined ? 0 : 1,
      stdout: call.argv.includes("list table") ? listing : "[]\n[]\n[]\n[]\n",
      stderr: error ?? "",
    };
    return Promise.resolve(result);
  };
  return { calls, enforcer: new Enforcer(run, settings, exampleEdge()) };
}

const nftInputs = (calls: readonly Call[]): readonly string[] =>
  calls.filter((call) => call.argv === "nft -f -").map((call) => call.input);

test("sets first, then rules, then what ip has to do; a second time nothing", async () => {
  const { calls, enforcer } = kernel();
  const { sets, rules } = ruleset(exampleEdge(), lines, 1);
  const first = await enforcer.enforce(lines, emptyHost);
  assert.deepEqual(nftInputs(calls), [sets, rules]);
  assert.ok(first.areRulesInForce);
  const batch = calls.findIndex((call) => call.argv === "ip -force -batch -");
  assert.ok(batch > calls.findLastIndex((call) => call.argv === "nft -f -"));
  assert.match(calls[batch]?.input ?? "", /^route replace unreachable default table 1001/);
  assert.equal(nftInputs(calls).length, 2);
  await enforcer.enforce(lines, emptyHost);
  assert.equal(nftInputs(calls).length, 2, "the rules are in force");
});

test("a new generation takes the place of those that are there, which go last", async () => {
  const { calls, enforcer } = kernel(undefined, "\tset lines_4 {\n\t}\n\tmap local_address_5 {\n\t}\n");
  const { sets, rules } = ruleset(exampleEdge(), lines, 6);
  await enforcer.enforce(lines, emptyHost);
  assert.deepEqual(nftInputs(calls), [
    sets,
    rules,
    "delete set inet tandem lines_4\ndelete map inet tandem local_address_5\n",
  ]);
});

test("rules that somebody has changed are written again", async () => {
  const { calls, enforcer } = kernel();
  await enforcer.enforce(lines, emptyHost);
  assert.equal(await enforcer.areRulesIntact(), true);
  enforcer.forgetRules();
  await enforcer.enforce(lines, emptyHost);
  assert.equal(nftInputs(calls).length, 4);
  const writers = calls.flatMap((call, index) => (call.argv === "nft -f -" ? [101 + index] : []));
  assert.deepEqual(
    writers.map((pid) => enforcer.isWriter(pid)),
    [true, true, true, true],
  );
  assert.equal(enforcer.isWriter(100), false);
});

test("a table in a shape that can't be changed is replaced whole", async () => {
  let attempts = 0;
  const { calls, enforcer } = kernel(({ argv, input }) =>
    argv === "nft -f -" && !input.includes("delete table") && (attempts += 1) > 0 ? "File exists" : undefined,
  );
  const { sets, rules } = ruleset(exampleEdge(), lines, 1);
  const enforced = await enforcer.enforce(lines, emptyHost);
  assert.ok(enforced.areRulesInForce);
  assert.equal(nftInputs(calls).at(-1), `add table inet tandem\ndelete table inet tandem\n${sets}${rules}`);
});

test("when the rules can't be had nothing else is touched, and the kernel's message is told", async () => {
  const { calls, enforcer } = kernel(({ argv }) =>
    argv === "nft -f -" ? "Operation not permitted" : undefined,
  );
  const enforced = await enforcer.enforce(lines, emptyHost);
  assert.equal(enforced.areRulesInForce, false);
  assert.deepEqual(enforced.errors, ["nft -f - ended with 1: Operation not permitted"]);
  assert.equal(
    calls.some((call) => call.argv.startsWith("ip -force")),
    false,
  );
});

test("a command of the batch that fails is named; the rules stay in force", async () => {
  const { enforcer } = kernel(({ argv }) =>
    argv === "ip -force -batch -"
      ? "RTNETLINK answers: No space left on device\nCommand failed -:1"
      : undefined,
  );
  const enforced = await enforcer.enforce(lines, emptyHost);
  assert.ok(enforced.areRulesInForce);
  assert.deepEqual(enforced.errors, [
    "ip route replace unreachable default table 1001 metric 4294967295 proto 84: RTNETLINK answers: No space left on device",
  ]);
});

test("clear takes the rules away last, and says what it could not", async () => {
  const { calls, enforcer } = kernel();
  const host: HostState = {
    ...emptyHost,
    addresses: [
      { device: "lo", address: "100.127.0.1", prefixLength: 32, peer: undefined, label: "lo:tandem" },
    ],
  };
  assert.deepEqual(await enforcer.clear(host), []);
  assert.deepEqual(
    calls.map((call) => call.input),
    ["address del 100.127.0.1/32 dev lo\n", "add table inet tandem\ndelete table inet tandem\n"],
  );
  const failing = kernel(() => "Operation not permitted");
  assert.equal((await failing.enforcer.clear(host)).length, 2);
});
