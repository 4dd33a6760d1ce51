import type { Clock } from "@tandem/clock";

/** How long a source counts as its own after a valid digest. */
export const verifiedForMs = 600_000;
/** Sources that are remembered; beyond it the one that was verified first is forgotten. */
export const maximumVerifiedSources = 10_000;

/** Sources that gave a valid digest lately: what others send in their name does not harm them. */
export class VerifiedSources {
  readonly #clock: Clock;
  /** `interface address` to the end of its time, monotonic. */
  readonly #until = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#until.size;
  }

  add(interfaceName: string, address: string): void {
    const key = `${interfaceName} ${address}`;
    // Set anew, so that the first key is the one verified longest ago.
    this.#until.delete(key);
    if (this.#until.size >= maximumVerifiedSources) {
      const [first] = this.#until.keys();
      if (first !== undefined) this.#until.delete(first);
    }
    this.#until.set(key, this.#clock.monotonicMs() + verifiedForMs);
  }

  has(interfaceName: string, address: string): boolean {
    const key = `${interfaceName} ${address}`;
    const until = this.#until.get(key);
    if (until === undefined) return false;
    if (until > this.#clock.monotonicMs()) return true;
    this.#until.delete(key);
    return false;
  }
}
