import assert from "node:assert/strict";
import { test } from "node:test";
import { gatewayStreamVersion } from "@tandem/contracts";
import { backboneKeyLifetimeMs, nonceKeyLifetimeMs, rotationCheckMs } from "../installation/key-rotation.ts";
import { defaultPollIntervalMs } from "../snapshot/snapshot-publisher.ts";
import { seenIntervalMs } from "./gateway-register.ts";
import { gatewayStreamLimits } from "./limits.ts";

// Other tests use these by name; a slip in a number would go with them.
test("the numbers of the gateway stream", () => {
  assert.deepEqual(gatewayStreamLimits, {
    maximumFrameBytes: 8_388_608,
    maximumWaitingEntryFrames: 8,
    maximumPendingCommands: 1000,
    maximumUnsentBytes: 16_777_216,
    helloTimeoutMs: 10_000,
    pingIntervalMs: 15_000,
    maximumMissedPings: 2,
    closeTimeoutMs: 2000,
    commandTimeoutMs: 5000,
    storeRetryMs: 1000,
    maximumConnections: 1000,
    maximumCloseTextBytes: 123,
  });
  assert.equal(gatewayStreamVersion, 1);
  assert.equal(seenIntervalMs, 10_000);
});

test("control looks for changes every 2 s, and for a due nonce key every 10 min; a key signs for a day", () => {
  assert.deepEqual([defaultPollIntervalMs, rotationCheckMs, nonceKeyLifetimeMs], [2000, 600_000, 86_400_000]);
  assert.equal(backboneKeyLifetimeMs, 86_400_000);
});
