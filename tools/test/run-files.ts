/** Runs test files in a process of their own and reads what became of them. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { Outcome } from "./outcome.ts";
import type { Suite } from "./suites.ts";
import { outcomeOf, type TestEvent } from "./test-events.ts";

export interface Run {
  readonly outcome: Outcome;
  readonly elapsedMs: number;
}

/** Of a failed process, so many characters of its output are shown. */
const outputTailCharacters = 8000;
const reporter = join(import.meta.dirname, "event-reporter.ts");
const entry = join(import.meta.dirname, "entry.ts");

/** Never rejects: a process that crashes, hangs or runs no test is an outcome with a failure. */
export async function runFiles(
  root: string,
  suite: Suite,
  files: readonly string[],
  namePattern: string | undefined,
): Promise<Run> {
  const startedMs = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "tandem-test-"));
  const eventFile = join(folder, "events.jsonl");
  try {
    const end = await runProcess(root, suite, files, testArguments(suite, eventFile, namePattern));
    const outcome = outcomeOf(readEvents(eventFile), root);
    return {
      outcome: withProcessFault(outcome, files, end, namePattern),
      elapsedMs: performance.now() - startedMs,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function testArguments(suite: Suite, eventFile: string, namePattern: string | undefined): string[] {
  return [
    "--disable-warning=ExperimentalWarning",
    "--test",
    // Also for a single file: the process itself is the isolation.
    "--test-isolation=none",
    `--test-timeout=${suite.testTimeoutSeconds * 1000}`,
    `--test-reporter=${reporter}`,
    `--test-reporter-destination=${eventFile}`,
    ...(namePattern === undefined ? [] : [`--test-name-pattern=${namePattern}`]),
    entry,
  ];
}

interface ProcessEnd {
  readonly code: number | null;
  readonly hasTimedOut: boolean;
  readonly output: string;
}

function runProcess(
  root: string,
  suite: Suite,
  files: readonly string[],
  args: readonly string[],
): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      // A run inside a run would else report to its grandparent.
      env: {
        ...process.env,
        NODE_TEST_CONTEXT: undefined,
        NODE_OPTIONS: undefined,
        TANDEM_TEST_FILES: JSON.stringify(files.map((file) => join(root, file))),
      },
      stdio: ["ignore", "pipe", "pipe"],
      // Its own group: a test that hangs is ended together with the programs it started.
      detached: true,
    });
    let output = "";
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString("utf8")).slice(-outputTailCharacters);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    let hasTimedOut = false;
    const timer = setTimeout(() => {
      hasTimedOut = true;
      endGroup(child.pid);
    }, secondsFor(suite, files) * 1000);
    const stop = (): void => endGroup(child.pid);
    process.once("exit", stop);
    const finish = (code: number | null): void => {
      clearTimeout(timer);
      process.off("exit", stop);
      endGroup(child.pid);
      resolve({ code, hasTimedOut, output });
    };
    child.on("error", (error) => {
      output += error.message;
      finish(null);
    });
    child.on("exit", (code) => {
      // The pipes may stay open in a grandchild; its output is no longer of interest.
      setImmediate(() => finish(code));
    });
  });
}

function secondsFor(suite: Suite, files: readonly string[]): number {
  return files.length > 1 ? suite.sharedTimeoutSeconds : suite.timeoutSeconds;
}

/** Ends what a test process has left behind. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing is left.
  }
}

function readEvents(eventFile: string): TestEvent[] {
  let text: string;
  try {
    text = readFileSync(eventFile, "utf8");
  } catch {
    return [];
  }
  // A process that was killed may have left half a line.
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "")
    .map((line): TestEvent => JSON.parse(line))
    .filter((event) => !isEntryItself(event));
}

/** node:test reports a file that registers no test as a test that passed. */
function isEntryItself({ name, file, type }: TestEvent): boolean {
  return type === "pass" && file === entry && name.endsWith("entry.ts");
}

function withProcessFault(
  outcome: Outcome,
  files: readonly string[],
  end: ProcessEnd,
  namePattern: string | undefined,
): Outcome {
  const what = processFault(outcome, end, namePattern);
  if (what === undefined) return outcome;
  const where = files.length === 1 ? (files[0] ?? "?") : `${files.length} files in one process`;
  return { ...outcome, failures: [...outcome.failures, { where, name: what, detail: end.output }] };
}

function processFault(
  outcome: Outcome,
  end: ProcessEnd,
  namePattern: string | undefined,
): string | undefined {
  if (end.hasTimedOut) return "did not end in time (a handle is still open, or a test hangs)";
  if (end.code !== 0 && outcome.failures.length === 0) return `ended with ${end.code ?? "a signal"}`;
  const count = outcome.passed + outcome.failures.length + outcome.skips.length;
  return count === 0 && namePattern === undefined ? "ran no test" : undefined;
}
