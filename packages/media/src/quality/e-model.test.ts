import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { codecImpairment } from "./codec-impairment.ts";
import {
  delayImpairment,
  effectiveEquipmentImpairment,
  lateRatio,
  meanOpinionScore,
  playoutBufferMs,
  transmissionRating,
} from "./e-model.ts";

function near(actual: number, expected: number, tolerance = 0.005): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

function rating(codecName: string, lossRatio: number, jitterMs = 0, delayMs = 0): number {
  const codec = codecImpairment(codecName);
  assert.ok(codec);
  return transmissionRating({ codec, lossRatio, jitterMs, delayMs });
}

describe("the E-model", () => {
  it("gives the scores of G.107 Annex B", () => {
    const table: readonly (readonly [rating: number, score: number])[] = [
      [-5, 1],
      [0, 1],
      [3, 1],
      [50, 2.575],
      [60, 3.1],
      [70, 3.597],
      [80, 4.024],
      [90, 4.339],
      [93.2, 4.409],
      [100, 4.5],
      [120, 4.5],
    ];
    for (const [r, score] of table) near(meanOpinionScore(r), score, 0.001);
  });

  it("never falls as the rating rises", () => {
    let before = 0;
    for (let r = -1; r <= 101; r += 0.25) {
      const score = meanOpinionScore(r);
      assert.ok(score >= before, `at ${r}`);
      before = score;
    }
  });

  it("is G.107's default, 93.2, when nothing is lost or late", () => {
    for (const codec of ["PCMU", "PCMA", "pcmu", "G722"]) near(rating(codec, 0), 93.2);
  });

  it("takes random loss as G.107 §7.4 does, with the values of G.113", () => {
    // 95 * p / (p + 25.1) for G.711, 11 + 84 * p / (p + 19) for G.729A with VAD.
    const table: readonly (readonly [codec: string, loss: number, rating: number, score: number])[] = [
      ["PCMU", 0.01, 89.56, 4.328],
      ["PCMU", 0.05, 77.42, 3.923],
      ["PCMU", 0.2, 51.07, 2.63],
      ["G729", 0, 82.2, 4.104],
      ["G729", 0.01, 78, 3.946],
      ["G729", 0.05, 64.7, 3.338],
    ];
    for (const [codec, loss, r, score] of table) {
      near(rating(codec, loss), r, 0.01);
      near(meanOpinionScore(rating(codec, loss)), score, 0.002);
    }
  });

  it("says less of a codec that conceals worse", () => {
    assert.ok(rating("G729", 0.05) < rating("PCMU", 0.05));
    assert.ok(rating("PCMU", 0.05) < rating("opus", 0.05));
  });

  it("counts delay from 100 ms on, by G.107 (7-27)", () => {
    near(delayImpairment(0), 0);
    near(delayImpairment(100), 0);
    near(delayImpairment(101), 0, 0.001);
    near(delayImpairment(200), 3.04, 0.01);
    near(delayImpairment(400), 24.07, 0.01);
    near(delayImpairment(500), 30.64, 0.01);
    assert.ok(delayImpairment(150) > 0);
  });

  it("adds what the jitter buffer holds back to the delay", () => {
    near(rating("PCMU", 0, 0, 200 - playoutBufferMs), 93.2 - 3.04, 0.01);
  });

  it("takes packets that miss the jitter buffer for lost", () => {
    assert.equal(lateRatio(0), 0);
    near(lateRatio(5), 0, 1e-7);
    near(lateRatio(30), 0.0249, 0.0001);
    near(
      rating("PCMU", 0, 30),
      93.2 - effectiveEquipmentImpairment({ impairment: 0, robustness: 25.1 }, 2.49),
      0.01,
    );
    assert.ok(rating("PCMU", 0.05, 30) < rating("PCMU", 0.05, 0));
  });

  it("stays between 0 and 93.2 for whatever is measured", () => {
    assert.equal(rating("GSM", 1, 1e9, 1e9), 0);
    assert.equal(
      rating("PCMU", 1, 0, 0),
      transmissionRating({
        codec: { impairment: 0, robustness: 25.1 },
        lossRatio: 1,
        jitterMs: 0,
        delayMs: -1000,
      }),
    );
  });

  it("knows nothing of a codec that it has no values for", () => {
    assert.equal(codecImpairment("SPEEX"), undefined);
    assert.equal(codecImpairment(""), undefined);
  });
});
