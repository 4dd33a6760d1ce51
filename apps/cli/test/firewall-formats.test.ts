/** Each format of `tandem firewall` against what was looked at once, and against the plan it was made of. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { firewallPlanOf } from "../src/firewall/firewall-plan.ts";
import { planFormats, rangeTable } from "../src/firewall/formats/index.ts";
import { sampleRanges } from "../src/testing/sample-ranges.ts";
import { readCisco } from "./read-cisco.ts";
import { readJunos } from "./read-junos.ts";
import { type ReadRule, wantedRules } from "./read-rule.ts";

const golden = (name: string) => readFileSync(join(import.meta.dirname, "golden", `${name}.txt`), "utf8");

describe("formats", () => {
  const plan = firewallPlanOf(sampleRanges, "customer");
  for (const [name, write] of Object.entries(planFormats)) {
    it(`${name} is as it was looked at`, () => assert.equal(`${write(plan)}\n`, golden(name)));
  }
  it("table is as it was looked at", () => assert.equal(`${rangeTable(sampleRanges)}\n`, golden("table")));
});

/** The order of rules does not matter: all of them let something through. */
const byText = (rules: readonly ReadRule[] = []) => rules.map((rule) => JSON.stringify(rule)).toSorted();

for (const perspective of ["customer", "exchange"] as const) {
  describe(`read back, for the ${perspective}`, () => {
    const plan = firewallPlanOf(sampleRanges, perspective);
    for (const direction of ["in", "out"] as const) {
      it(`cisco-ios says what the plan says, ${direction}`, () => {
        const read = readCisco(planFormats["cisco-ios"](plan)).get(`TANDEM-${direction.toUpperCase()}`);
        assert.deepEqual(byText(read), byText(wantedRules(plan, direction)));
      });

      it(`junos says what the plan says, ${direction}`, () => {
        const read = readJunos(planFormats.junos(plan)).get(direction);
        assert.deepEqual(byText(read), byText(wantedRules(plan, direction)));
      });
    }
  });
}
