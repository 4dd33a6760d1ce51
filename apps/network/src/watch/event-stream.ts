import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Clock, Timer } from "@tandem/clock";

/** A monitor that has ended is started again after so long; what happened in between is found by looking. */
export const monitorRestartMs = 1000;

export interface EventStreamOptions {
  readonly clock: Clock;
  readonly argv: readonly string[];
  onLine(line: string): void;
  /** It has ended, and with it the certainty that nothing was missed. */
  onEnd(why: string): void;
}

/** Lines of a program that tells what happens in the kernel (`ip monitor`, `nft monitor`), started again when it ends. */
export class EventStream {
  readonly #options: EventStreamOptions;
  #child: ChildProcess | undefined;
  #restart: Timer | undefined;
  #isClosed = false;

  constructor(options: EventStreamOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#isClosed) return;
    const [program = "", ...args] = this.#options.argv;
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "ignore"],
      env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" },
    });
    this.#child = child;
    createInterface({ input: child.stdout }).on("line", (line) => this.#options.onLine(line));
    let hasEnded = false;
    const end = (why: string): void => {
      if (hasEnded || this.#isClosed) return;
      hasEnded = true;
      this.#options.onEnd(`${this.#options.argv.join(" ")} ${why}`);
      this.#restart = this.#options.clock.schedule(monitorRestartMs, () => this.start(), undefined);
    };
    child.once("error", (error) => end(error.message));
    child.once("exit", (code, signal) => end(`ended with ${code ?? signal}`));
  }

  close(): void {
    this.#isClosed = true;
    this.#restart?.cancel();
    this.#child?.kill("SIGTERM");
  }
}
