import assert from "node:assert/strict";
import { test } from "node:test";
import { noStatistics, sumOfStatistics } from "./sum-of-statistics.ts";

const some = {
  packets: 1,
  bytes: 2,
  lost: 3,
  reordered: 4,
  duplicates: 5,
  jitterMs: 6,
  events: 11,
  dropped: 26,
  droppedByReason: { "no-remote": 5, "source-address": 6, "source-port": 7, "not-rtp": 8 },
  rtcpPackets: 9,
  unforwarded: 10,
};

test("nothing before changes nothing, every number is in the sum", () => {
  assert.deepEqual(sumOfStatistics(noStatistics, some), some);
  assert.deepEqual(sumOfStatistics(some, noStatistics), some);
  assert.deepEqual(sumOfStatistics(some, { ...some, jitterMs: 60 }), {
    packets: 2,
    bytes: 4,
    lost: 6,
    reordered: 8,
    duplicates: 10,
    jitterMs: 60,
    events: 22,
    dropped: 52,
    droppedByReason: { "no-remote": 10, "source-address": 12, "source-port": 14, "not-rtp": 16 },
    rtcpPackets: 18,
    unforwarded: 20,
  });
});
