import { spawn } from "node:child_process";
import { type Clock } from "@tandem/clock";

/** A command that takes longer is ended: the kernel answers in milliseconds. */
export const commandLimits = { runMs: 20_000, outputBytes: 64 * 1024 * 1024, errorBytes: 64 * 1024 } as const;

export interface CommandResult {
  readonly argv: readonly string[];
  /** 0: it worked. Null: it could not be started or was ended. */
  readonly exitCode: number | null;
  readonly stdout: string;
  /** Its own words, or why there was none. */
  readonly stderr: string;
}

/**
 * Runs a program without a shell. A failure is a value. `onStarted` is told its process id before it has done anything:
 * what it does to the kernel may be heard of before it has ended.
 */
export type RunCommand = (
  argv: readonly string[],
  input?: string,
  onStarted?: (pid: number) => void,
) => Promise<CommandResult>;

export function commandRunner(clock: Clock, limits: CommandLimits = commandLimits): RunCommand {
  return (argv, input = "", onStarted) =>
    new Promise((resolve) => {
      const [program = "", ...args] = argv;
      // Messages that we read are the untranslated ones.
      const child = spawn(program, args, {
        stdio: ["pipe", "pipe", "pipe"],
        env: { PATH: searchPath, LC_ALL: "C" },
      });
      if (child.pid !== undefined) onStarted?.(child.pid);
      const out: Buffer[] = [];
      const errors: Buffer[] = [];
      const size = { out: 0, errors: 0 };
      let ended: string | undefined;
      const end = (why: string): void => {
        ended ??= why;
        child.kill("SIGKILL");
      };
      const timer = clock.schedule(limits.runMs, end, `took longer than ${limits.runMs} ms`);
      child.stdout.on("data", (chunk: Buffer) => {
        size.out += chunk.length;
        if (size.out > limits.outputBytes) end(`wrote more than ${limits.outputBytes} bytes`);
        else out.push(chunk);
      });
      child.stderr.on("data", (chunk: Buffer) => {
        // The first messages say it; a batch may repeat itself for every line.
        if (size.errors < limits.errorBytes) errors.push(chunk);
        size.errors += chunk.length;
      });
      const finish = (exitCode: number | null, why: string | undefined): void => {
        timer.cancel();
        const stderr = why ?? Buffer.concat(errors).toString("utf8").trim();
        resolve({ argv, exitCode, stdout: Buffer.concat(out).toString("utf8"), stderr });
      };
      child.once("error", (error) => finish(null, error.message));
      child.once("close", (code) => finish(ended === undefined ? code : null, ended));
      // A program that ends before it has read everything tells why by itself.
      child.stdin.on("error", () => {});
      child.stdin.end(input);
    });
}

export interface CommandLimits {
  readonly runMs: number;
  readonly outputBytes: number;
  readonly errorBytes: number;
}

/** Where Debian has `ip`, `nft` and `vtysh`; a service's own PATH may lack sbin. */
const searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The failure of a command as one sentence: the command and the kernel's message. */
export function failureText({ argv, exitCode, stderr }: CommandResult): string {
  const outcome = exitCode === null ? "did not run" : `ended with ${exitCode}`;
  return `${argv.join(" ")} ${outcome}: ${stderr === "" ? "no message" : stderr}`;
}
