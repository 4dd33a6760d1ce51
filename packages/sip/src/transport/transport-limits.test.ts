import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultTransportLimits } from "./transport-limits.ts";

test("defaults of a gateway", () => {
  assert.deepEqual(defaultTransportLimits, {
    // RFC 3261 §18.1.1
    datagramThresholdBytes: 1300,
    udpBufferBytes: 8_388_608,
    maximumUdpQueueBytes: 4_194_304,
    maximumAcceptedConnections: 4096,
    maximumAcceptedPerAddress: 64,
    maximumOutgoingConnections: 4096,
    maximumBufferedBytes: 1_048_576,
    // As long as an attempt may take to its first response.
    connectTimeoutMs: 4000,
    upgradeConnectTimeoutMs: 1000,
    refusedUpgradeMemoryMs: 300_000,
    maximumRefusedUpgrades: 1024,
    handshakeTimeoutMs: 4000,
    firstMessageTimeoutMs: 30_000,
    unfinishedMessageTimeoutMs: 10_000,
    lastWordsTimeoutMs: 1000,
    idleTimeoutMs: 1_800_000,
    pingIntervalMs: 30_000,
    // RFC 5626 §4.4.1
    pongTimeoutMs: 10_000,
  });
});
