/**
 * `tandem fuzz [TARGET] [--minutes N] [--seed N]`: throws mutated inputs at one target, or at all one after the other, a
 * minute each unless said otherwise, and keeps what does what none may in lab/fuzz/kept. Exit code 1 when there is such.
 */
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { fuzzTargets } from "./catalogue.ts";
import { type FuzzReport, fuzz } from "./fuzz.ts";
import { keepInput, keptInputs } from "./kept-inputs.ts";

const options = { minutes: { type: "string", default: "1" }, seed: { type: "string" } } as const;
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const [wanted] = positionals;
const targets = fuzzTargets.filter(({ name }) => wanted === undefined || name === wanted);
const seconds = Number(values.minutes) * 60;
if (targets.length === 0 || !(seconds > 0)) {
  console.error(
    `usage: tandem fuzz [${fuzzTargets.map(({ name }) => name).join("|")}] [--minutes N] [--seed N]`,
  );
  process.exit(2);
}
// Every longer run goes where none has been, and says how to go there again.
const seed = Number(values.seed ?? process.hrtime.bigint() % 1_000_000_007n);
console.log("target          seed        runs  per second  source  corpus  grown KiB  findings");
for (const target of targets) {
  const kept = keptInputs(target.name).map(({ input }) => input);
  print(fuzz(target, { seconds, seed, kept }));
}

function print({ target, runs, seconds: took, characters, corpus, grownBytes, findings }: FuzzReport): void {
  const cells = [
    runs,
    Math.round(runs / took),
    characters,
    corpus,
    Math.round(grownBytes / 1024),
    findings.length,
  ];
  const widths = [11, 11, 7, 7, 10, 9];
  const columns = cells.map((cell, index) => String(cell).padStart(widths[index] ?? 0));
  console.log(`${target.padEnd(14)} ${String(seed).padStart(9)} ${columns.join(" ")}`);
  for (const { input, what } of findings) {
    console.log(
      `  ${relative(process.cwd(), keepInput(target, input))}: ${what.split("\n").slice(0, 6).join("\n    ")}`,
    );
  }
  if (findings.length > 0) process.exitCode = 1;
}
