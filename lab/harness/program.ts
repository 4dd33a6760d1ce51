import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, type WriteStream } from "node:fs";
import { waitFor } from "./wait.ts";

export interface ProgramOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly directory?: string;
  /** Gets standard output and error. The program goes on, with a warning, when it cannot be written. */
  readonly logFile: string;
  /** Words before the command line: `ip netns exec NAME`. They must end in replacing themselves by the command. */
  readonly launcher?: readonly string[];
  /** Opens a channel of messages to a Node program, and gets what it sends. */
  readonly onMessage?: (message: unknown) => void;
  readonly uid?: number;
  readonly gid?: number;
}

const keptOutputCharacters = 1_000_000;

/** A child process whose output is kept, and that is always ended by its pid. */
export class Program {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #log: WriteStream;
  readonly #exited: Promise<number | null>;
  #output = "";
  #hasExited = false;

  constructor(options: ProgramOptions) {
    this.name = options.name;
    this.#log = createWriteStream(options.logFile, { flags: "a" });
    this.#log.once("error", (error) =>
      process.emitWarning(`${this.name} goes on without its log ${options.logFile}: ${error.message}`),
    );
    const [command = "", ...args] = [...(options.launcher ?? []), options.command, ...options.args];
    this.#child = spawn(command, args, {
      cwd: options.directory,
      env: { ...process.env, ...options.environment },
      stdio: ["ignore", "pipe", "pipe", ...(options.onMessage === undefined ? [] : (["ipc"] as const))],
      ...(options.uid === undefined ? {} : { uid: options.uid }),
      ...(options.gid === undefined ? {} : { gid: options.gid }),
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (chunk: Buffer) => this.#keep(chunk));
    }
    if (options.onMessage !== undefined) this.#child.on("message", options.onMessage);
    this.#exited = new Promise((resolve) => {
      const done = (code: number | null): void => {
        this.#hasExited = true;
        resolve(code);
      };
      // What it wrote last may be read after its end.
      this.#child.once("close", () => this.#log.end());
      this.#child.once("exit", done);
      this.#child.once("error", (error) => {
        this.#output += String(error);
        done(null);
      });
    });
    process.setMaxListeners(200);
    process.once("exit", this.#killOnExit);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  /** The last million characters of its output. */
  get output(): string {
    return this.#output;
  }

  /** Waits until the output holds `text`; fails at once when the program ends before. */
  async waitForOutput(text: string, limitMs = 30_000): Promise<void> {
    await waitFor(
      `"${text}" from ${this.name}`,
      () => {
        if (this.#output.includes(text)) return true;
        if (this.#hasExited)
          throw new Error(`${this.name} ended before it said "${text}":\n${this.#output.slice(-4000)}`);
        return undefined;
      },
      limitMs,
    );
  }

  /** Sends a message to a Node program that was started with `onMessage`. */
  send(message: object): void {
    this.#child.send(message, () => undefined);
  }

  /** Exit code; null when a signal ended it. */
  exited(): Promise<number | null> {
    return this.#exited;
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.#hasExited) this.#child.kill(signal);
  }

  /** SIGTERM, and SIGKILL after `graceMs`. Idempotent. */
  async stop(graceMs = 5000): Promise<void> {
    process.off("exit", this.#killOnExit);
    if (this.#hasExited) return;
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), graceMs);
    await this.#exited;
    clearTimeout(timer);
  }

  /** SIGKILL: what a crash looks like. */
  async kill(): Promise<void> {
    process.off("exit", this.#killOnExit);
    if (!this.#hasExited) this.#child.kill("SIGKILL");
    await this.#exited;
  }

  readonly #killOnExit = (): void => {
    if (!this.#hasExited) this.#child.kill("SIGKILL");
  };

  #keep(chunk: Buffer): void {
    this.#log.write(chunk);
    this.#output = (this.#output + chunk.toString("utf8")).slice(-keptOutputCharacters);
  }
}
