/** A gate is one check of the whole repository: it passes or says what is wrong. */
import { spawn } from "node:child_process";
import { performance } from "node:perf_hooks";

export interface GateResult {
  readonly passed: boolean;
  /** What is wrong, or what the tool said. Shown only when the gate did not pass. */
  readonly output: string;
}

export interface Gate {
  readonly name: string;
  /** What it looks at, for the reader of the list. */
  readonly about: string;
  run(): Promise<GateResult>;
}

export interface FinishedGate extends GateResult {
  readonly name: string;
  readonly elapsedMs: number;
}

/** A tool may take this long before it counts as hung. */
const toolTimeoutMs = 240_000;

/** A program from node_modules; it passes when it exits with 0. */
export function toolGate(
  name: string,
  about: string,
  root: string,
  command: readonly [program: string, ...args: string[]],
): Gate {
  return {
    name,
    about,
    run: () =>
      new Promise((resolve) => {
        const [program, ...args] = command;
        const child = spawn(program, args, {
          cwd: root,
          env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
          stdio: ["ignore", "pipe", "pipe"],
          timeout: toolTimeoutMs,
        });
        const chunks: Buffer[] = [];
        child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
        child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
        child.on("error", (error) => resolve({ passed: false, output: error.message }));
        child.on("close", (code, signal) => {
          const output = Buffer.concat(chunks).toString("utf8").trim();
          const end = signal === null ? "" : `\nended by ${signal}`;
          resolve({ passed: code === 0, output: output + end });
        });
      }),
  };
}

/** A check of our own; it passes when it finds nothing. A throw fails the gate, not the run. */
export function findingGate(
  name: string,
  about: string,
  find: () => readonly string[] | Promise<readonly string[]>,
): Gate {
  return {
    name,
    about,
    run: async () => {
      const findings = await find();
      return { passed: findings.length === 0, output: findings.join("\n") };
    },
  };
}

/** Runs all gates, also after one has failed; at most `concurrency` at a time. */
export async function runGates(
  gates: readonly Gate[],
  concurrency: number,
  onFinished: (gate: FinishedGate) => void,
): Promise<readonly FinishedGate[]> {
  const finished: FinishedGate[] = [];
  const waiting = [...gates];
  const work = async (): Promise<void> => {
    for (let gate = waiting.shift(); gate !== undefined; gate = waiting.shift()) {
      const result = await runOne(gate);
      finished.push(result);
      onFinished(result);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return finished;
}

async function runOne(gate: Gate): Promise<FinishedGate> {
  const startedMs = performance.now();
  let result: GateResult;
  try {
    result = await gate.run();
  } catch (error) {
    result = {
      passed: false,
      output: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
  return { name: gate.name, ...result, elapsedMs: performance.now() - startedMs };
}
