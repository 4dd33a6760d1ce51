import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AudioSample } from "@tandem/contracts";
import { AudioSamples, maximumSamples } from "./audio-samples.ts";

function sampleAt(index: number, fields: Partial<AudioSample> = {}): AudioSample {
  const startMs = index * 10_000;
  const measured = { packets: 500, lost: 0, jitterMs: 1, mos: 4.4, roundTripMs: null };
  return { startMs, periodMs: 10_000, ...measured, ...fields };
}

function filled(count: number, fields: (index: number) => Partial<AudioSample> = () => ({})): AudioSamples {
  const samples = new AudioSamples();
  for (let index = 0; index < count; index += 1) samples.add(sampleAt(index, fields(index)));
  return samples;
}

/** Each sample begins where the one before ended. */
function assertCovers(samples: AudioSamples, totalMs: number): void {
  let atMs = 0;
  for (const { startMs, periodMs } of samples.kept) {
    assert.equal(startMs, atMs);
    atMs += periodMs;
  }
  assert.equal(atMs, totalMs);
}

describe("the samples of a direction", () => {
  test("are kept one by one up to the limit", () => {
    const { kept } = filled(maximumSamples);
    assert.equal(kept.length, maximumSamples);
    assert.deepEqual(kept.at(-1), sampleAt(maximumSamples - 1));
  });

  test("past the limit are made one of two, and cover the call still", () => {
    const samples = filled(maximumSamples + 1);
    assert.equal(samples.kept.length, maximumSamples / 2 + 1);
    assert.deepEqual(samples.kept[0], sampleAt(0, { periodMs: 20_000, packets: 1000 }));
    assert.equal(samples.kept.at(-1)?.periodMs, 10_000);
    samples.add(sampleAt(maximumSamples + 1));
    assert.equal(samples.kept.length, maximumSamples / 2 + 1);
    assert.equal(samples.kept.at(-1)?.periodMs, 20_000);
  });

  test("cover a call of any length, with never more than the limit", () => {
    const samples = new AudioSamples();
    for (let index = 0; index < 5000; index += 1) {
      samples.add(sampleAt(index));
      assert.ok(samples.kept.length <= maximumSamples);
      assertCovers(samples, (index + 1) * 10_000);
    }
    const packets = samples.kept.reduce((sum, one) => sum + one.packets, 0);
    assert.equal(packets, 5000 * 500);
  });

  test("when made one say what was worse, so that a bad time is still seen", () => {
    const bad = { lost: 100, jitterMs: 40, mos: 2.5, roundTripMs: 300 };
    const samples = filled(maximumSamples * 4 + 1, (index) => (index === 33 ? bad : { roundTripMs: 20 }));
    const [worst, ...others] = samples.kept.filter(({ mos }) => mos === 2.5);
    assert.deepEqual([worst?.lost, worst?.jitterMs, worst?.roundTripMs], [100, 40, 300]);
    assert.deepEqual(others, []);
    assert.equal(samples.kept[0]?.roundTripMs, 20);
  });

  test("when made one take what is known of either", () => {
    const none = { mos: null, roundTripMs: null };
    const samples = filled(maximumSamples + 1, (index) => {
      if (index === 0 || index === 3) return { mos: 3, roundTripMs: 9 };
      return index < 4 ? none : {};
    });
    const read = samples.kept.slice(0, 2).map(({ mos, roundTripMs }) => [mos, roundTripMs]);
    assert.deepEqual(read, [
      [3, 9],
      [3, 9],
    ]);
  });

  test("take the rest of a call into the last one", () => {
    const samples = filled(2);
    samples.extend(sampleAt(2, { periodMs: 1500, packets: 75 }));
    assert.deepEqual(samples.kept[1], sampleAt(1, { periodMs: 11_500, packets: 575 }));
    assertCovers(samples, 21_500);
  });
});
