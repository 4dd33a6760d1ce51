/**
 * One program that `up` keeps running.
 *
 * Modes: `stopped` (initially; `start` leaves it) → `running` (the process is there) → crash → `waiting` (for its next
 * start, ever longer) → `running`. `stop` leads from any mode to `stopped`: SIGTERM, and SIGKILL after a while.
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { Clock, Timer } from "@tandem/clock";
import type { LogFile } from "./log-file.ts";
import { crashNumber, restartDelayMs } from "./restart-delay.ts";

export interface Program {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface FamilyEvents {
  /** It ended by itself; it is started again after the delay. */
  onCrash(name: string, how: string, delayMs: number): void;
}

/** A gateway may need a moment to say goodbye to its calls. */
const stopTimeoutMs = 10_000;

export class FamilyMember {
  readonly program: Program;
  readonly log: LogFile;
  readonly #clock: Clock;
  readonly #events: FamilyEvents;
  #mode: "stopped" | "running" | "waiting" = "stopped";
  /** Only in `running`. */
  #child: ChildProcess | undefined;
  /** Only in `waiting`. */
  #restartTimer: Timer | undefined;
  #crashes = 0;
  #startedMs = 0;
  #onEnd: (() => void) | undefined;

  constructor(program: Program, log: LogFile, clock: Clock, events: FamilyEvents) {
    this.program = program;
    this.log = log;
    this.#clock = clock;
    this.#events = events;
  }

  get mode(): "stopped" | "running" | "waiting" {
    return this.#mode;
  }

  /** Process id while it runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Crashes in a row. */
  get crashes(): number {
    return this.#crashes;
  }

  start(): void {
    if (this.#mode === "running") return;
    this.#restartTimer?.cancel();
    this.#restartTimer = undefined;
    this.#mode = "running";
    this.#startedMs = this.#clock.monotonicMs();
    const child = spawn(this.program.file, this.program.args, {
      env: { ...this.program.environment },
      // Nothing is written to its input; that it ends is how the program knows that this supervisor is gone.
      stdio: ["pipe", "pipe", "pipe"],
      // Its own process group: Ctrl-C in a terminal reaches the supervisor only, which stops its family in order.
      detached: true,
    });
    this.#child = child;
    child.stdin.on("error", () => undefined);
    child.stdout.on("data", (chunk: Buffer) => this.log.write(chunk));
    child.stderr.on("data", (chunk: Buffer) => this.log.write(chunk));
    child.once("error", (error) => this.#ended(child, error.message));
    child.once("exit", (code, signal) => this.#ended(child, signal ?? `exit code ${code}`));
  }

  /** Resolves when the process is gone. Idempotent. */
  async stop(): Promise<void> {
    this.#restartTimer?.cancel();
    this.#restartTimer = undefined;
    const child = this.#child;
    this.#mode = "stopped";
    if (child === undefined) return;
    const ended = new Promise<void>((resolve) => {
      const before = this.#onEnd;
      this.#onEnd = () => {
        before?.();
        resolve();
      };
    });
    child.kill("SIGTERM");
    const killTimer = this.#clock.schedule(stopTimeoutMs, (process) => process.kill("SIGKILL"), child);
    await ended;
    killTimer.cancel();
  }

  #ended(child: ChildProcess, how: string): void {
    // `error` may be followed by `exit`.
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#onEnd?.();
    this.#onEnd = undefined;
    if (this.#mode !== "running") return;
    this.#mode = "waiting";
    const ranMs = this.#clock.monotonicMs() - this.#startedMs;
    this.#crashes = crashNumber(this.#crashes, ranMs);
    const delayMs = restartDelayMs(this.#crashes);
    this.#events.onCrash(this.program.name, how, delayMs);
    this.#restartTimer = this.#clock.schedule(delayMs, (member) => member.start(), this as FamilyMember);
  }
}
