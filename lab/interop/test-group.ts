import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { leftovers } from "../harness/gateway-counts.ts";
import { delay, waitFor } from "../harness/wait.ts";
import { type Group, peerPrograms } from "./group.ts";
import { Stage } from "./stage.ts";

/** Transactions live for up to 64 T1 after the last call (RFC 3261 §17). */
const emptyLimitMs = 60_000;
const lookIntervalMs = 500;

/** Registers the scenarios of a group as tests, and one that nothing is left in the gateway after them. */
export function testGroup(group: Group): void {
  const missing = group.peers.filter((peer) => !existsSync(peerPrograms[peer]));
  if (missing.length > 0) {
    it(`${group.name} needs ${missing.join(" and ")}`, (context) => {
      const text = `not installed: ${missing.join(", ")} (tools/debian-packages.txt)`;
      // Root can install them, so for root a missing peer is a fault.
      if (process.getuid?.() === 0) assert.fail(text);
      context.skip(text);
    });
    return;
  }
  describe(group.name, () => {
    let stage: Stage;
    before(async () => {
      stage = await Stage.open(group.stage);
    });
    after(async () => {
      await stage.close();
    });
    describe("scenarios", { concurrency: group.concurrency }, () => {
      for (const { sentence, play } of group.scenarios) it(sentence, () => play(stage));
    });
    it("leaves nothing in the gateway", () => assertEmpty(stage));
  });
}

/** Waits until the gateway holds no call, no transaction, no dialog, no relay endpoint and no journal entry. */
async function assertEmpty(stage: Stage): Promise<void> {
  let left: readonly string[] = [];
  await waitFor(
    "the gateway to be empty",
    async () => {
      left = leftovers(await stage.counts());
      return left.length === 0 ? true : delay(lookIntervalMs, false);
    },
    emptyLimitMs,
  ).catch(() => assert.deepEqual(left, []));
  assert.ok(!stage.exchange.gateway.output.includes('"event":"fault"'), "the gateway reported a fault");
}
