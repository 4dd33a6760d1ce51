/**
 * `./tandem test`: the gates, then unit, integration and lab tests. Details of failures stand at the end, the sum on a
 * line of its own after them.
 */
import { join } from "node:path";
import { runGates } from "../check/gate.ts";
import { houseGates } from "../check/gates.ts";
import { repositoryFiles } from "../check/repository-files.ts";
import { parseTestOptions, type TestOptions, usage } from "./options.ts";
import { isSuccess, type Outcome, sum, summaryLine } from "./outcome.ts";
import { runSuite } from "./run-suite.ts";
import { filesOf, suites } from "./suites.ts";

const root = join(import.meta.dirname, "..", "..");
const print = (line: string): void => console.log(line);

const options = parseTestOptions(process.argv.slice(2));
if (typeof options === "string") {
  console.error(`${options}\n${usage}`);
  process.exit(2);
}
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const outcome = sum([...(await gateOutcome(options)), ...(await suiteOutcomes(options))]);
printDetails(outcome);
const isRoot = process.getuid?.() === 0;
if (isRoot && outcome.skips.length > 0) print("\nUnder root a skipped test is a failure.");
if (outcome.passed === 0) print("\nNo test ran.");
print(`\n${summaryLine(outcome)}`);
process.exitCode = isSuccess(outcome, isRoot) ? 0 : 1;

async function gateOutcome({ parts }: TestOptions): Promise<Outcome[]> {
  if (!parts.includes("check")) return [];
  const gates = await runGates(houseGates(root), 2, ({ name, passed, elapsedMs }) =>
    print(
      `${passed ? "passed" : "FAILED"}  check        ${(elapsedMs / 1000).toFixed(1).padStart(5)} s  ${name}`,
    ),
  );
  const failed = gates.filter((gate) => !gate.passed);
  const failures = failed.map(({ name, output }) => ({ where: "./tandem check", name, detail: output }));
  return [{ passed: gates.length - failed.length, failures, skips: [] }];
}

async function suiteOutcomes({ parts, path, name }: TestOptions): Promise<Outcome[]> {
  const paths = repositoryFiles(root).filter((each) => path === undefined || each.includes(path));
  const outcomes: Outcome[] = [];
  for (const suite of suites) {
    if (parts.includes(suite.name)) {
      outcomes.push(await runSuite(root, suite, filesOf(suite, paths), name, print));
    }
  }
  return outcomes;
}

function printDetails({ failures, skips }: Outcome): void {
  for (const { where, name, why } of skips) print(`\nskipped: ${name}\n    ${where}: ${why}`);
  for (const { where, name, detail } of failures) {
    print(`\nFAILED: ${name}\n    ${where}\n${detail.replaceAll(/^/gm, "    ")}`);
  }
}
