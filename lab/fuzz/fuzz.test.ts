/**
 * Ten seconds of fuzzing for each target, always with the same seed, besides every input that was kept. Longer ones by
 * `./tandem fuzz`.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fuzzTargets } from "./catalogue.ts";
import { fuzz, longestMs } from "./fuzz.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { keptInputs } from "./kept-inputs.ts";
import { lock } from "./lock.ts";

const seconds = 10;
const seed = 1;
/** The corpus may grow, and V8 keeps code; a leak of what is parsed would be hundreds of times that. */
const maximumGrowthBytes = 48 * 1024 * 1024;

/** Hangs on what it finds in its dictionary. */
const tar: FuzzTarget = {
  ...lock,
  dictionary: ["tar"],
  run(input) {
    if (!input.includes("tar")) return;
    const before = process.threadCpuUsage();
    const spentMs = (): number => process.threadCpuUsage(before).user / 1000;
    while (spentMs() < 2 * longestMs);
  },
};

it("the fuzzer finds its way through blocks that open one after the other", () => {
  const { findings, corpus } = fuzz(lock, { seconds: 20, seed });
  assert.ok(corpus > 1, "no input was kept");
  assert.match(findings[0]?.what ?? "", /open/);
});

it("the fuzzer tells what takes too much CPU", () => {
  const { findings } = fuzz(tar, { seconds: 20, seed });
  assert.match(findings[0]?.what ?? "", /ms of CPU/);
});

it("the same seed finds the same", () => {
  const [one, other] = [fuzz(lock, { seconds: 20, seed: 7 }), fuzz(lock, { seconds: 20, seed: 7 })];
  assert.notEqual(one.findings[0], undefined);
  assert.equal(one.findings[0]?.input, other.findings[0]?.input);
  assert.equal(one.runs, other.runs);
});

for (const target of fuzzTargets) {
  describe(`fuzzing ${target.name}`, () => {
    for (const { name, input } of keptInputs(target.name)) {
      it(`${name} does what it should by now`, () => target.run(input));
    }

    it(`${seconds} seconds find nothing`, (context) => {
      const kept = keptInputs(target.name).map(({ input }) => input);
      const report = fuzz(target, { seconds, seed, kept });
      context.diagnostic(
        `${report.runs} runs, ${report.characters} characters of the sources, ${report.corpus} inputs in the corpus`,
      );
      const findings = report.findings.map(({ input, what }) => `${JSON.stringify(input)}\n${what}`);
      assert.equal(findings.join("\n\n"), "");
      assert.ok(
        report.characters > 500,
        `${report.characters} characters of the sources: nothing was looked at`,
      );
      assert.ok(report.grownBytes < maximumGrowthBytes, `${report.grownBytes} bytes more on the heap`);
    });
  });
}
