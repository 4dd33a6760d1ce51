/** A flood that is small enough for every run; `./tandem bench flood` has the real one. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { hasSipp } from "../harness/sipp.ts";
import { flood } from "./flood.ts";
import { HostilityStage } from "./stage.ts";

const isRoot = process.getuid?.() === 0;
if (!hasSipp()) {
  it("floods need SIPp", (context) => {
    if (isRoot) assert.fail("there is no SIPp");
    context.skip("there is no SIPp");
  });
} else describe("a flood of strangers", tests);

function tests(): void {
  let stage: HostilityStage;
  before(async () => {
    stage = await HostilityStage.start(201);
  });
  after(async () => {
    await stage.stop();
  });

  it("leaves a customer's calls alone, and nothing in memory", async () => {
    const plan = { junkPerSecond: 3000, invitesPerSecond: 800, callsPerSecond: 20, seconds: 8 };
    const result = await flood(stage, plan);
    console.log(JSON.stringify(result));
    assert.equal(result.failed, 0);
    assert.ok(result.bannedSources > 100, `${result.bannedSources} of 120 sources are banned`);
    assert.ok(result.residentMiBAfter - result.residentMiBBefore < 200, "memory is bounded");
    assert.ok(result.leftTransactions < 2000, "only the customer's calls leave transactions");
  });
}
