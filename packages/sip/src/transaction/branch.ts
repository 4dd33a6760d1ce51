import { randomFillSync } from "node:crypto";
import { magicCookie } from "../message/index.ts";

const poolBytes = 4096;
const randomBytesPerBranch = 6;

/**
 * Makes branches: cookie, prefix, counter (unique), random bits (not to be guessed by who is not on the path).
 * Randomness is drawn from a pool, so that a branch costs no system call.
 */
export class BranchGenerator {
  readonly #start: string;
  readonly #pool = Buffer.alloc(poolBytes);
  #used = poolBytes;
  #counter = 0;

  /** @param prefix token characters that tell this instance from others in traces */
  constructor(prefix: string) {
    this.#start = magicCookie + prefix;
  }

  next(): string {
    return `${this.#start}${(this.#counter++).toString(36)}.${this.#random()}`;
  }

  #random(): string {
    if (this.#used + randomBytesPerBranch > poolBytes) {
      randomFillSync(this.#pool);
      this.#used = 0;
    }
    const text = this.#pool.toString("hex", this.#used, this.#used + randomBytesPerBranch);
    this.#used += randomBytesPerBranch;
    return text;
  }
}
