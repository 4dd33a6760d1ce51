import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decodeALaw, decodeMuLaw, encodeALaw, encodeMuLaw } from "./g711.ts";
import { toneShare } from "./goertzel.ts";

describe("G.711", () => {
  test("known bytes", () => {
    assert.deepEqual([encodeMuLaw(0), encodeMuLaw(32_767), encodeMuLaw(-32_768)], [0xff, 0x80, 0x00]);
    assert.deepEqual([decodeMuLaw(0xff), decodeMuLaw(0x80), decodeMuLaw(0x00)], [0, 32_124, -32_124]);
    assert.deepEqual([encodeALaw(0), encodeALaw(32_767), encodeALaw(-32_768)], [0xd5, 0xaa, 0x2a]);
    assert.deepEqual([decodeALaw(0xd5), decodeALaw(0xaa), decodeALaw(0x2a)], [8, 32_256, -32_256]);
  });

  test("every byte comes back, but the two zeros of µ-law", () => {
    for (let byte = 0; byte < 256; byte += 1) {
      assert.equal(encodeALaw(decodeALaw(byte)), byte);
      if (byte !== 0x7f) assert.equal(encodeMuLaw(decodeMuLaw(byte)), byte);
    }
    assert.equal(decodeMuLaw(0x7f), 0);
  });

  test("samples come back within the step of their segment", () => {
    for (let sample = -32_000; sample <= 32_000; sample += 7) {
      const allowed = Math.max(16, Math.abs(sample) / 16);
      assert.ok(Math.abs(decodeMuLaw(encodeMuLaw(sample)) - sample) <= allowed, `µ-law ${sample}`);
      assert.ok(Math.abs(decodeALaw(encodeALaw(sample)) - sample) <= allowed, `A-law ${sample}`);
    }
  });
});

describe("toneShare", () => {
  const sine = (frequencyHz: number): Int16Array =>
    Int16Array.from({ length: 800 }, (_, i) =>
      Math.round(9000 * Math.sin((2 * Math.PI * frequencyHz * i) / 8000)),
    );

  test("is 1 for the tone itself and 0 for another, or for silence", () => {
    assert.ok(toneShare(sine(440), 440, 8000) > 0.99);
    assert.ok(toneShare(sine(440), 480, 8000) < 0.01);
    assert.equal(toneShare(new Int16Array(800), 440, 8000), 0);
  });

  test("is a half each for two tones together", () => {
    const other = sine(1000);
    const both = sine(440).map((sample, i) => sample + (other[i] ?? 0));
    assert.ok(Math.abs(toneShare(both, 440, 8000) - 0.5) < 0.01);
    assert.ok(Math.abs(toneShare(both, 1000, 8000) - 0.5) < 0.01);
  });
});
