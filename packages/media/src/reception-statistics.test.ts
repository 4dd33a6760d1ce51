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

interface EventStep {
  readonly sequence: number;
  readonly timestamp?: number;
  readonly ssrc?: number;
  readonly payloadType?: number;
}

/** Events counted with 101 as their payload type. */
function eventsOf(...steps: readonly EventStep[]): number {
  const statistics = new ReceptionStatistics();
  for (const { sequence, timestamp = 0, ssrc, payloadType = 101 } of steps) {
    const packet = rtp(sequence, timestamp, ssrc);
    packet[1] = payloadType;
    statistics.receive(packet, 0, [101]);
  }
  return statistics.events;
}

const half = 2 ** 31;
const eventTable: [rule: string, events: number, ...steps: EventStep[]][] = [
  ["nothing came", 0],
  ["one packet begins one", 1, { sequence: 1, timestamp: 160 }],
  ["the first may have timestamp 0", 1, { sequence: 1 }],
  ["the first may look like an old one", 1, { sequence: 1, timestamp: half + 5 }],
  ["the same timestamp is the same event", 1, { sequence: 1 }, { sequence: 2 }, { sequence: 3 }],
  ["one newer by a tick is another", 2, { sequence: 1 }, { sequence: 2, timestamp: 1 }],
  ["an older one is late", 1, { sequence: 2, timestamp: 160 }, { sequence: 1, timestamp: 159 }],
  [
    "a late one does not make the last one new again",
    2,
    { sequence: 1 },
    { sequence: 3, timestamp: 800 },
    { sequence: 2 },
    { sequence: 4, timestamp: 800 },
  ],
  ["newer across the wrap", 2, { sequence: 1, timestamp: 2 ** 32 - 1 }, { sequence: 2, timestamp: 0 }],
  ["newer across the sign", 2, { sequence: 1, timestamp: half - 1 }, { sequence: 2, timestamp: half }],
  ["half a turn less one is newer", 2, { sequence: 1, timestamp: 1 }, { sequence: 2, timestamp: half }],
  ["half a turn is older", 1, { sequence: 1, timestamp: 0 }, { sequence: 2, timestamp: half }],
  ["speech is none", 0, { sequence: 1, payloadType: 0 }, { sequence: 2, payloadType: 100 }],
  ["the marker bit is no part of the payload type", 1, { sequence: 1, payloadType: 0x80 | 101 }],
  ["another source begins anew", 2, { sequence: 1, timestamp: 800 }, { sequence: 9, timestamp: 0, ssrc: 2 }],
  [
    "a source of its own for events, amid the speech",
    2,
    { sequence: 1, payloadType: 0 },
    { sequence: 500, timestamp: 160, ssrc: 2 },
    { sequence: 2, payloadType: 0 },
    { sequence: 501, timestamp: 160, ssrc: 2 },
    { sequence: 3, payloadType: 0 },
    { sequence: 502, timestamp: 960, ssrc: 2 },
  ],
  ["a jump is not believed before the next in row", 1, { sequence: 1 }, { sequence: 9000, timestamp: 800 }],
  [
    "a jump that is confirmed counts once, and begins anew",
    2,
    { sequence: 1, timestamp: 8000 },
    { sequence: 9000, timestamp: 160 },
    { sequence: 9001, timestamp: 160 },
    { sequence: 9002, timestamp: 160 },
  ],
];

describe("telephone events (RFC 4733)", () => {
  for (const [rule, events, ...steps] of eventTable) {
    test(`${rule}: ${events}`, () => assert.equal(eventsOf(...steps), events));
  }

  test("every payload type of the list counts, and none without one", () => {
    const statistics = new ReceptionStatistics();
    const send = (sequence: number, payloadType: number, types?: readonly number[]): void => {
      const packet = rtp(sequence, sequence * 160);
      packet[1] = payloadType;
      statistics.receive(packet, 0, types);
    };
    send(1, 101);
    send(2, 101, []);
    assert.equal(statistics.events, 0);
    send(3, 96, [101, 96]);
    send(4, 101, [101, 96]);
    assert.equal(statistics.events, 2);
  });
});
