import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AudioReading } from "@tandem/b2bua";
import { CallQuality } from "./call-quality.ts";
import { minimumSampleMs } from "./direction-quality.ts";

const beganMs = 5000;

/** Media whose counters are set by hand. */
class MediaDouble {
  isHeld = false;
  readonly readings: Record<"ingress" | "egress", AudioReading | undefined> = {
    ingress: reading(),
    egress: reading(),
  };

  audio(side: "ingress" | "egress"): AudioReading | undefined {
    return this.readings[side];
  }

  /** Packets that come from each side, in all. */
  count(ingress: Partial<AudioReading>, egress: Partial<AudioReading> = ingress): void {
    this.readings.ingress = reading({ ...this.readings.ingress, ...ingress });
    this.readings.egress = reading({ ...this.readings.egress, ...egress });
  }
}

function reading(fields: Partial<AudioReading> = {}): AudioReading {
  return {
    packets: 0,
    lost: 0,
    jitterMs: 0,
    foreignPackets: 0,
    codec: "PCMU",
    reported: undefined,
    ...fields,
  };
}

function script(isNew = true) {
  const media = new MediaDouble();
  const quality = new CallQuality(beganMs, isNew);
  const look = (atMs: number) => quality.look(media, beganMs + atMs);
  const finish = (atMs: number) => {
    quality.finish(media, beganMs + atMs);
    return quality.facts();
  };
  return { media, quality, look, finish };
}

describe("the quality of a call", () => {
  test("has a sample for each look, of what came since the one before", () => {
    const { media, look, finish } = script();
    media.count({ packets: 500 });
    look(10_000);
    media.count({ packets: 975, lost: 25, jitterMs: 3.14159 });
    look(20_000);
    const { fromIngress } = finish(20_000);
    assert.deepEqual(fromIngress?.samples, [
      { startMs: 0, periodMs: 10_000, packets: 500, lost: 0, jitterMs: 0, mos: 4.41, roundTripMs: null },
      {
        startMs: 10_000,
        periodMs: 10_000,
        packets: 475,
        lost: 25,
        jitterMs: 3.14,
        mos: 3.92,
        roundTripMs: null,
      },
    ]);
    assert.deepEqual([fromIngress?.mosMean, fromIngress?.mosMinimum], [4.17, 3.92]);
    assert.equal(fromIngress?.codec, "PCMU");
  });

  test("of the direction that loses is lower, the other's is not", () => {
    const { media, finish } = script();
    media.count({ packets: 475, lost: 25 }, { packets: 500 });
    const { fromIngress, fromEgress } = finish(10_000);
    assert.equal(fromIngress?.mosMean, 3.92);
    assert.equal(fromEgress?.mosMean, 4.41);
  });

  test("of a short call is one score, without samples", () => {
    const { media, finish } = script();
    media.count({ packets: 100 });
    const { fromIngress } = finish(minimumSampleMs - 1);
    assert.deepEqual(fromIngress?.samples, []);
    assert.deepEqual([fromIngress?.mosMean, fromIngress?.mosMinimum], [4.41, 4.41]);
    const longer = script();
    longer.media.count({ packets: 100 });
    assert.equal(longer.finish(minimumSampleMs).fromIngress?.samples.length, 1);
  });

  test("takes a look too early into the next sample, and the rest into the last", () => {
    const { media, look, finish } = script();
    media.count({ packets: 200 });
    look(minimumSampleMs - 1);
    media.count({ packets: 700 });
    look(14_000);
    media.count({ packets: 750 });
    const { samples } = finish(15_000).fromIngress ?? assert.fail();
    assert.deepEqual(
      samples.map(({ startMs, periodMs, packets }) => [startMs, periodMs, packets]),
      [[0, 15_000, 750]],
    );
  });

  test("weighs samples by their time", () => {
    const { media, look, finish } = script();
    media.count({ packets: 1500 });
    look(30_000);
    media.count({ packets: 1975, lost: 25 });
    assert.equal(finish(40_000).fromIngress?.mosMean, Math.round(((3 * 4.41 + 3.92) / 4) * 100) / 100);
  });

  test("has no score for silence, nor for a codec that nobody has values for", () => {
    const { media, look, finish } = script();
    media.count({ packets: 0 }, { packets: 500, codec: "speex" });
    look(10_000);
    const { fromIngress, fromEgress } = finish(10_000);
    assert.deepEqual([fromIngress?.mosMean, fromIngress?.mosMinimum], [null, null]);
    assert.equal(fromIngress?.samples[0]?.mos, null);
    assert.deepEqual([fromEgress?.codec, fromEgress?.mosMean], ["speex", null]);
  });

  test("knows what RTCP said, and counts half of both round trips as delay", () => {
    const reported = { lost: 7, lostRatio: 0.1, jitterMs: 2.345 };
    const { media, finish } = script();
    media.count(
      { packets: 500, reported: { ...reported, roundTripMs: 200 } },
      { packets: 500, reported: { ...reported, roundTripMs: 480.4321 } },
    );
    const { fromIngress, fromEgress } = finish(10_000);
    assert.deepEqual([fromIngress?.roundTripMs, fromEgress?.roundTripMs], [200, 480.43]);
    assert.deepEqual([fromIngress?.reportedLost, fromIngress?.reportedJitterMs], [7, 2.35]);
    assert.equal(fromIngress?.samples[0]?.roundTripMs, 200);
    // 340.2 ms and the jitter buffer's 60 make 400: 24.07 off the rating.
    assert.equal(fromIngress?.mosMean, 3.56);
    assert.equal(fromEgress?.mosMean, 3.56);
  });

  test("finds one-way audio once", () => {
    const { media, look, finish } = script();
    media.count({ packets: 300 }, { packets: 0 });
    assert.equal(look(6000), undefined);
    media.count({ packets: 800 }, { packets: 0 });
    assert.deepEqual(look(16_000), { silentSide: "callee", sinceMs: 0 });
    media.count({ packets: 1300 }, { packets: 0 });
    assert.equal(look(26_000), undefined);
    assert.deepEqual(finish(27_000).oneWayAudio, { silentSide: "callee", sinceMs: 0 });
  });

  test("says what came from elsewhere for the silent side, and not for the other one", () => {
    const { media, look } = script();
    media.count({ packets: 300, foreignPackets: 9 }, { packets: 0 });
    look(6000);
    media.count({ packets: 800 }, { packets: 0, foreignPackets: 400 });
    assert.deepEqual(look(16_000), { silentSide: "callee", sinceMs: 0, foreignPackets: 400 });
    const other = script();
    other.media.count({ packets: 0, foreignPackets: 1 }, { packets: 600, foreignPackets: 9 });
    const found = other.quality.finish(other.media, beganMs + 10_000);
    assert.deepEqual(found, { silentSide: "caller", sinceMs: 0, foreignPackets: 1 });
  });

  test("finds one-way audio at the end of a call that was over before the first look", () => {
    const { media, quality } = script();
    media.count({ packets: 0 }, { packets: 600 });
    assert.equal(quality.finish(media, beganMs + 9999), undefined);
    const other = script();
    other.media.count({ packets: 0 }, { packets: 600 });
    const found = other.quality.finish(other.media, beganMs + 10_000);
    assert.deepEqual(found, { silentSide: "caller", sinceMs: 0 });
  });

  test("looks for no one-way audio in time on hold", () => {
    const { media, look } = script();
    media.isHeld = true;
    for (let ms = 10_000; ms <= 60_000; ms += 10_000) {
      media.count({ packets: ms / 20 }, { packets: 0 });
      assert.equal(look(ms), undefined);
    }
    media.isHeld = false;
    media.count({ packets: 3400 }, { packets: 0 });
    assert.equal(look(68_000), undefined);
    media.count({ packets: 3500 }, { packets: 0 });
    assert.deepEqual(look(70_000), { silentSide: "callee", sinceMs: 60_000 });
  });

  test("is none of a call without audio, and begins anew when a fax is over", () => {
    const { media, look, finish, quality } = script();
    media.readings.ingress = undefined;
    media.readings.egress = undefined;
    look(10_000);
    assert.deepEqual(quality.facts(), { fromIngress: null, fromEgress: null, oneWayAudio: null });
    media.count({ packets: 9000 }, { packets: 0 });
    look(20_000);
    media.count({ packets: 9500 }, { packets: 500 });
    look(30_000);
    const { fromIngress, oneWayAudio } = finish(30_000);
    assert.deepEqual(
      fromIngress?.samples.map(({ startMs, packets }) => [startMs, packets]),
      [[20_000, 500]],
    );
    assert.equal(oneWayAudio, null);
  });

  test("of a call that was adopted counts from the first look on", () => {
    const { media, look, finish } = script(false);
    media.count({ packets: 70_000, lost: 900 });
    look(4000);
    media.count({ packets: 70_500, lost: 900 });
    look(14_000);
    const { fromIngress } = finish(14_000);
    const [only, ...more] = fromIngress?.samples ?? [];
    assert.deepEqual([only?.startMs, only?.packets, only?.lost, more.length], [4000, 500, 0, 0]);
  });

  test("counters that began anew count as none", () => {
    const { media, look, finish } = script();
    media.count({ packets: 500, lost: 9 });
    look(10_000);
    media.count({ packets: 100, lost: 0 });
    look(20_000);
    const second = finish(20_000).fromIngress?.samples[1];
    assert.deepEqual([second?.packets, second?.lost, second?.mos], [0, 0, null]);
  });
});
