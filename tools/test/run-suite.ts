/** Runs one suite, printing a line for each process. */
import { availableParallelism } from "node:os";
import { type Outcome, sum } from "./outcome.ts";
import { type Run, runFiles } from "./run-files.ts";
import { processesOf, type Suite } from "./suites.ts";

export async function runSuite(
  root: string,
  suite: Suite,
  files: readonly string[],
  namePattern: string | undefined,
  print: (line: string) => void,
): Promise<Outcome> {
  const waiting = [...processesOf(suite, files)];
  const outcomes: Outcome[] = [];
  const work = async (): Promise<void> => {
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
      const run = await runFiles(root, suite, group, namePattern);
      outcomes.push(run.outcome);
      print(lineOf(suite, group, run));
    }
  };
  const concurrency = Math.min(suite.concurrency, Math.max(1, availableParallelism()));
  await Promise.all(Array.from({ length: concurrency }, work));
  return sum(outcomes);
}

function lineOf(suite: Suite, files: readonly string[], { outcome, elapsedMs }: Run): string {
  const what = files.length === 1 ? files[0] : `${files.length} files`;
  const verdict = outcome.failures.length === 0 ? "passed" : "FAILED";
  const counts = `${outcome.passed} passed, ${outcome.failures.length} failed, ${outcome.skips.length} skipped`;
  return `${verdict}  ${suite.name.padEnd(12)} ${(elapsedMs / 1000).toFixed(1).padStart(5)} s  ${what}: ${counts}`;
}
