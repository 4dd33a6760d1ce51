import { execFile } from "node:child_process";
import { type Clock, sleep } from "@tandem/clock";
import type { Challenge, Solver } from "./solver.ts";

/** A program that runs longer is ended. */
export const commandLimitMs = 300_000;
const keptOutputBytes = 64 * 1024;

/** Meets dns-01 challenges (RFC 8555 §8.4) by a program that writes TXT records: `PROGRAM… add|remove NAME VALUE`. */
export class CommandSolver implements Solver {
  readonly type = "dns-01";
  readonly #clock: Clock;
  readonly #command: readonly string[];
  readonly #settleMs: number;

  constructor(clock: Clock, command: readonly string[], settleSeconds = 0) {
    this.#clock = clock;
    this.#command = command;
    this.#settleMs = settleSeconds * 1000;
  }

  async add(challenge: Challenge): Promise<void> {
    await this.#run("add", challenge);
    if (this.#settleMs > 0) await sleep(this.#clock, this.#settleMs);
  }

  remove(challenge: Challenge): Promise<void> {
    return this.#run("remove", challenge);
  }

  #run(verb: "add" | "remove", { domain, proof }: Challenge): Promise<void> {
    const [program = "", ...words] = this.#command;
    const args = [...words, verb, `_acme-challenge.${domain}`, proof];
    return new Promise((resolve, reject) => {
      // No shell: what the authority names is an argument and nothing else.
      execFile(
        program,
        args,
        { timeout: commandLimitMs, maxBuffer: keptOutputBytes },
        (error, _output, errors) => {
          if (error === null) resolve();
          else reject(new Error(`${program} ${verb}: ${errors.trim().slice(-500) || error.message}`));
        },
      );
    });
  }
}
