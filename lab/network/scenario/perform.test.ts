import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { missingForNetwork } from "../builder/requirements.ts";
import { type Performance, perform } from "./perform.ts";
import type { NetworkScenario } from "./scenario.ts";

async function played(
  play: NetworkScenario["play"],
): Promise<Performance & { readonly lines: readonly string[] }> {
  const lines: string[] = [];
  const scenario = { name: "sample", sentence: "a sample", programs: [], play };
  return { ...(await perform(scenario, (line) => lines.push(line))), lines };
}

/** Others than root can't play anything. */
function isPossible(context: TestContext): boolean {
  const missing = missingForNetwork([]);
  if (missing !== undefined && process.getuid?.() !== 0) context.skip(missing);
  return missing === undefined;
}

test("what was seen as expected ends in PASS", async (context) => {
  if (!isPossible(context)) return;
  const { isPass, lines } = await played(async ({ verdicts }) => verdicts.equal("answer", 200, 200));
  assert.equal(isPass, true);
  assert.deepEqual(lines.slice(-2), ["PASS  answer (200, wanted 200)", "\nPASS  sample"]);
});

test("a scenario that breaks off has failed, with what broke it and all that it saw until then", async (context) => {
  if (!isPossible(context)) return;
  const { isPass, failures, lines } = await played(async ({ verdicts }) => {
    verdicts.equal("answer", 200, 200);
    throw new Error("the line is gone");
  });
  assert.equal(isPass, false);
  assert.match(failures[0] ?? "", /the line is gone/);
  assert.ok(lines.includes("PASS  answer (200, wanted 200)"));
  assert.ok(lines.some((line) => line.startsWith("FAIL  Error: the line is gone")));
  assert.equal(lines.at(-1), "\nFAIL  sample");
});

test("one expectation that is not met is enough to fail", async (context) => {
  if (!isPossible(context)) return;
  const { isPass, failures } = await played(async ({ verdicts }) => {
    verdicts.equal("answer", 503, 200);
    verdicts.equal("calls", 1, 1);
  });
  assert.equal(isPass, false);
  assert.deepEqual(failures, ["answer (503, wanted 200)"]);
});
