import assert from "node:assert/strict";
import { test } from "node:test";
import { missingForNetwork } from "../builder/requirements.ts";
import { perform } from "./perform.ts";
import type { NetworkScenario } from "./scenario.ts";

/** Registers a scenario as a test, which prints what it saw. */
export function testScenario(scenario: NetworkScenario): void {
  test(scenario.sentence, async (context) => {
    const missing = missingForNetwork(scenario.programs);
    if (missing !== undefined && process.getuid?.() !== 0) {
      context.skip(`${scenario.name}: ${missing}`);
      return;
    }
    const { isPass, failures } = await perform(scenario, (line) => console.log(line));
    assert.ok(isPass, failures.join("\n") || "it expected nothing");
  });
}
