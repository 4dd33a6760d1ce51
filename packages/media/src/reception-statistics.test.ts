import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ReceptionStatistics } from "./reception-statistics.ts";

function rtp(sequence: number, timestamp = 0, ssrc = 1): Uint8Array {
  const data = Buffer.alloc(12);
  data[0] = 0x80;
  data.writeUInt16BE(sequence & 0xffff, 2);
  data.writeUInt32BE(timestamp >>> 0, 4);
  data.writeUInt32BE(ssrc, 8);
  return data;
}

function lostAfter(...sequences: number[]): number {
  const statistics = new ReceptionStatistics();
  for (const sequence of sequences) statistics.receive(rtp(sequence), 0);
  return statistics.lost;
}

const lossTable: [rule: string, sequences: number[], lost: number][] = [
  ["nothing came", [], 0],
  ["one packet", [7], 0],
  ["in order", [1, 2, 3], 0],
  ["one missing", [1, 3], 1],
  ["three missing", [10, 14], 3],
  ["out of order is not lost", [1, 3, 2, 4], 0],
  ["a duplicate never makes loss negative", [1, 1, 2], 0],
  ["a duplicate hides one loss, as A.3 has it", [1, 1, 3], 0],
  ["the number wraps", [65_534, 65_535, 0, 1], 0],
  ["lost across the wrap", [65_534, 1], 2],
  ["late across the wrap", [65_535, 1, 0], 0],
  ["2999 ahead is loss", [0, 2999], 2998],
  ["3000 ahead is a jump, not counted until confirmed", [0, 3000], 0],
  ["a jump confirmed by the next in row starts anew", [0, 3000, 3001, 3003], 1],
  ["a jump not confirmed is forgotten", [0, 3000, 1, 3001, 2], 0],
  ["and what looks like its confirmation later is another jump", [0, 3000, 1, 3001, 4], 2],
  ["a jump to the last number is confirmed by 0", [30_000, 65_535, 0, 2], 1],
  ["loss before a jump is kept", [0, 2, 40_000, 40_001, 40_003], 2],
  ["99 behind is out of order", [200, 101, 202], 0],
  ["100 behind is a jump", [200, 100, 202], 1],
  ["a jump back, confirmed, starts anew", [300, 100, 101, 103], 1],
];

describe("loss (RFC 3550 A.1, A.3)", () => {
  for (const [rule, sequences, lost] of lossTable) {
    test(`${rule}: ${lost}`, () => assert.equal(lostAfter(...sequences), lost));
  }

  test("two full turns of the number lose nothing", () => {
    const statistics = new ReceptionStatistics();
    for (let i = 0; i < 140_000; i += 1) statistics.receive(rtp(i), i);
    assert.equal(statistics.lost, 0);
    statistics.receive(rtp(140_001), 0);
    assert.equal(statistics.lost, 1);
  });

  test("another SSRC does not inherit the turns of the one before", () => {
    const statistics = new ReceptionStatistics();
    for (const sequence of [65_535, 0, 1]) statistics.receive(rtp(sequence, 0, 1), 0);
    for (const sequence of [10, 11]) statistics.receive(rtp(sequence, 0, 2), 0);
    assert.equal(statistics.lost, 0);
  });

  test("another SSRC starts anew and keeps the sum", () => {
    const statistics = new ReceptionStatistics();
    for (const sequence of [1, 3]) statistics.receive(rtp(sequence, 0, 1), 0);
    for (const sequence of [500, 501, 503]) statistics.receive(rtp(sequence, 0, 2), 0);
    assert.equal(statistics.lost, 2);
  });
});

/** Jitter after packets that were sent each 20 ms and came at these times. */
function jitterOf(arrivalsMs: readonly number[], clockRate = 8000, firstTimestamp = 0): number {
  const statistics = new ReceptionStatistics();
  statistics.clockRate = clockRate;
  for (const [i, arrivalMs] of arrivalsMs.entries()) {
    statistics.receive(rtp(i, firstTimestamp + (i * clockRate) / 50), arrivalMs);
  }
  return statistics.jitterMs;
}

const orderTable: [rule: string, sequences: number[], reordered: number, duplicates: number][] = [
  ["in order", [1, 2, 3], 0, 0],
  ["a gap is neither", [1, 5], 0, 0],
  ["late by one", [1, 3, 2], 1, 0],
  ["late by 99", [200, 300, 201], 1, 0],
  ["100 behind is a jump, not late", [200, 300, 200], 0, 0],
  ["the highest again", [1, 1], 0, 1],
  ["an older one again", [1, 2, 3, 2], 0, 1],
  ["a late one again", [1, 3, 2, 2], 1, 1],
  ["across the wrap", [65_535, 1, 0, 0], 1, 1],
  ["numbers 128 apart share a slot, and are not the same", [1, 129, 257], 0, 0],
  ["the number that confirms a jump has come", [0, 3000, 3001, 3001], 0, 1],
];

describe("order", () => {
  for (const [rule, sequences, reordered, duplicates] of orderTable) {
    test(rule, () => {
      const statistics = new ReceptionStatistics();
      for (const sequence of sequences) statistics.receive(rtp(sequence), 0);
      assert.deepEqual([statistics.reordered, statistics.duplicates], [reordered, duplicates]);
    });
  }

  test("the same number of another SSRC is no duplicate", () => {
    const statistics = new ReceptionStatistics();
    for (const ssrc of [1, 2]) statistics.receive(rtp(7, 0, ssrc), 0);
    assert.equal(statistics.duplicates, 0);
  });
});

describe("jitter (RFC 3550 A.8)", () => {
  test("is 0 for an even stream and for one packet", () => {
    assert.equal(jitterOf([1000]), 0);
    assert.equal(jitterOf([1000, 1020, 1040]), 0);
  });

  test("moves by a sixteenth of each deviation, late or early", () => {
    assert.equal(jitterOf([0, 36]), 1);
    assert.equal(jitterOf([0, 4]), 1);
    assert.equal(jitterOf([0, 36, 56]), 15 / 16);
    assert.equal(jitterOf([0, 36, 40]), 1 + 15 / 16);
  });

  test("is in milliseconds whatever the clock rate", () => {
    assert.equal(jitterOf([0, 36], 48_000), 1);
  });

  test("survives the wrap of the timestamp", () => {
    assert.equal(jitterOf([0, 20, 40, 60], 8000, 2 ** 32 - 200), 0);
    assert.equal(jitterOf([0, 20, 40, 60], 8000, 2 ** 31 - 200), 0, "where a signed number would wrap");
  });

  test("does not count packets that share a timestamp (RFC 4733)", () => {
    const statistics = new ReceptionStatistics();
    statistics.receive(rtp(1, 160), 0);
    statistics.receive(rtp(2, 160), 20);
    statistics.receive(rtp(3, 160), 40);
    assert.equal(statistics.jitterMs, 0);
    statistics.receive(rtp(4, 640), 60);
    assert.equal(statistics.jitterMs, 0);
  });

  test("starts anew with another SSRC", () => {
    const statistics = new ReceptionStatistics();
    statistics.receive(rtp(1, 0, 1), 0);
    statistics.receive(rtp(2, 160, 1), 36);
    assert.equal(statistics.jitterMs, 1);
    statistics.receive(rtp(1, 99_999, 2), 40);
    assert.equal(statistics.jitterMs, 0);
  });
});
