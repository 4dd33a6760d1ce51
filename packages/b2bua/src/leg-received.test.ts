import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type CountedReceived, nothingReceived, receivedOf, receivedSince, sumOf } from "./leg-received.ts";

const one: CountedReceived = { packets: 10, bytes: 1600, lost: 3, jitterMs: 4, events: 2, foreignPackets: 7 };
const other: CountedReceived = { packets: 1, bytes: 160, lost: 5, jitterMs: 2, events: 1, foreignPackets: 2 };

describe("what came from a side", () => {
  test("from elsewhere come packets of another address and of another port, and nothing else that was dropped", () => {
    const received = receivedOf({
      ...one,
      reordered: 1,
      duplicates: 1,
      dropped: 1111,
      droppedByReason: { "no-remote": 1000, "source-address": 100, "source-port": 10, "not-rtp": 1 },
      rtcpPackets: 9,
      unforwarded: 9,
    });
    assert.deepEqual(received, { ...one, foreignPackets: 110 });
  });

  test("two streams add up; the jitter is the worse one's", () => {
    const sum = { packets: 11, bytes: 1760, lost: 8, jitterMs: 4, events: 3, foreignPackets: 9 };
    assert.deepEqual(sumOf(one, other), sum);
    assert.deepEqual(sumOf(other, one), sum);
    assert.deepEqual(sumOf(one, nothingReceived), one);
  });

  test("what came since then, with less loss than before as none", () => {
    assert.deepEqual(receivedSince(other, one), {
      packets: 9,
      bytes: 1440,
      lost: 0,
      jitterMs: 4,
      events: 1,
      foreignPackets: 5,
    });
    assert.equal(receivedSince(one, other).lost, 2);
    assert.equal(receivedSince(one, other).foreignPackets, 0);
    assert.equal(receivedSince(one, other).jitterMs, 2);
  });
});
