import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { receiverReport, senderReport } from "../testing/rtcp-packets.ts";
import {
  ControlObserver,
  maximumReadsPerSecond,
  maximumRoundTripMs,
  rememberedSenderReports,
} from "./control-observer.ts";

function sides() {
  return { a: new ControlObserver(), b: new ControlObserver() };
}

function roundTripOf(observer: ControlObserver): number | undefined {
  return observer.reported(8000)?.roundTripMs;
}

describe("what RTCP tells of a side", () => {
  it("measures the round trip to the side that answers, not to the one that asked", () => {
    const { a, b } = sides();
    a.receive(senderReport(1, 500), 10_000, b);
    b.receive(receiverReport(2, [{ lastSenderReport: 500, delayMs: 1000 }]), 11_080, a);
    assert.equal(roundTripOf(b), 80);
    assert.equal(a.reported(8000), undefined);
  });

  it("measures both sides, each to us", () => {
    const { a, b } = sides();
    a.receive(senderReport(1, 500), 0, b);
    b.receive(senderReport(2, 900, [{ lastSenderReport: 500 }]), 20, a);
    a.receive(senderReport(1, 501, [{ lastSenderReport: 900, delayMs: 3000 }]), 3150, b);
    assert.deepEqual([roundTripOf(a), roundTripOf(b)], [130, 20]);
  });

  it("does not take a side's own sender report, nor one that never passed", () => {
    const { a, b } = sides();
    a.receive(senderReport(1, 500), 0, b);
    a.receive(receiverReport(1, [{ lastSenderReport: 500 }]), 50, b);
    b.receive(receiverReport(2, [{ lastSenderReport: 499 }]), 60, a);
    assert.deepEqual([roundTripOf(a), roundTripOf(b)], [undefined, undefined]);
  });

  it("knows no round trip of a side that no sender report has reached", () => {
    const { a, b } = sides();
    a.receive(senderReport(1, 0), 0, b);
    b.receive(receiverReport(2, [{ lastSenderReport: 0 }]), 60, a);
    assert.equal(roundTripOf(b), undefined);
  });

  it("remembers as many sender reports as it says, and forgets the oldest", () => {
    const { a, b } = sides();
    for (let index = 0; index <= rememberedSenderReports; index += 1) {
      a.receive(senderReport(1, 100 + index), index * 5000, b);
    }
    const laterMs = 100_000;
    b.receive(receiverReport(2, [{ lastSenderReport: 100 }]), laterMs - 90_000, a);
    assert.equal(roundTripOf(b), undefined);
    b.receive(receiverReport(2, [{ lastSenderReport: 101 }]), 5000 + 77, a);
    assert.equal(roundTripOf(b), 77);
  });

  it("believes no round trip that is none", () => {
    for (const [atMs, delayMs, expected] of [
      [maximumRoundTripMs, 0, maximumRoundTripMs],
      [maximumRoundTripMs + 1, 0, undefined],
      [500, 1499, 0],
      [500, 1501, undefined],
    ] as const) {
      const { a, b } = sides();
      a.receive(senderReport(1, 7), 0, b);
      b.receive(receiverReport(2, [{ lastSenderReport: 7, delayMs }]), atMs, a);
      const measured = roundTripOf(b);
      assert.equal(measured === undefined ? undefined : Math.round(measured), expected, `${atMs} ${delayMs}`);
    }
  });

  it("keeps what the side said last of loss and jitter", () => {
    const { a, b } = sides();
    b.receive(receiverReport(2, [{ lost: 3, fraction: 10, jitterUnits: 80 }]), 0, a);
    b.receive(receiverReport(2, [{ lost: 9, fraction: 64, jitterUnits: 160 }]), 5000, a);
    const expected = { roundTripMs: undefined, lost: 9, lostRatio: 0.25, jitterMs: 20 };
    assert.deepEqual(b.reported(8000), expected);
    assert.equal(b.reported(16_000)?.jitterMs, 10);
  });

  it("keeps the first block of a packet, and measures by any", () => {
    const { a, b } = sides();
    a.receive(senderReport(1, 7), 0, b);
    const second = { lost: 99, lastSenderReport: 7 };
    b.receive(Buffer.concat([receiverReport(2, [{ lost: 3 }, second]), receiverReport(3, [second])]), 30, a);
    assert.deepEqual([b.reported(8000)?.lost, roundTripOf(b)], [3, 30]);
    b.receive(receiverReport(2), 40, a);
    assert.equal(b.reported(8000)?.lost, 3);
  });

  it("reads the beginning of a packet that is longer", () => {
    const { a, b } = sides();
    const whole = Buffer.concat([receiverReport(2, [{ lost: 3 }]), receiverReport(3, [{ lost: 4 }])]);
    b.receive(whole.subarray(0, 40), 30, a, whole.length);
    assert.deepEqual([b.reported(8000)?.lost, b.malformed], [3, 0]);
    b.receive(whole.subarray(0, 40), 30, a);
    assert.equal(b.malformed, 1);
  });

  it("says none lost when duplicates outnumber the losses", () => {
    const { a, b } = sides();
    b.receive(receiverReport(2, [{ lost: -4 }]), 0, a);
    assert.equal(b.reported(8000)?.lost, 0);
  });

  it("reads so many packets a second, and the others not", () => {
    const { a, b } = sides();
    for (let index = 1; index <= maximumReadsPerSecond + 2; index += 1) {
      b.receive(receiverReport(2, [{ lost: index }]), 999, a);
    }
    assert.equal(b.reported(8000)?.lost, maximumReadsPerSecond);
    assert.equal(b.unread, 2);
    b.receive(receiverReport(2, [{ lost: 50 }]), 1998, a);
    assert.equal(b.unread, 3);
    b.receive(receiverReport(2, [{ lost: 60 }]), 1999, a);
    assert.equal(b.reported(8000)?.lost, 60);
  });

  it("believes nothing of a malformed packet, and counts it", () => {
    const { a, b } = sides();
    const broken = receiverReport(2, [{ lost: 5 }]);
    broken[0] = 0x82;
    b.receive(Buffer.concat([receiverReport(2, [{ lost: 4 }]), broken]), 0, a);
    assert.equal(b.reported(8000), undefined);
    assert.equal(b.malformed, 1);
  });
});
