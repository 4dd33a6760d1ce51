import type { Clock } from "@tandem/clock";

/** How long a source counts as its own after a valid digest. */
export const verifiedForMs = 600_000;
/** How long it is remembered as one that customers use. */
export const rememberedForMs = 86_400_000;
/** Sources that are remembered; beyond it the one that was verified first is forgotten. */
export const maximumVerifiedSources = 10_000;

/**
 * Sources that gave a valid digest: lately, so that what others send in their name does not harm them; or within a day, so
 * that they may prove themselves again while others do.
 */
export class VerifiedSources {
  readonly #clock: Clock;
  /** `interface address` to the time of the last valid digest, monotonic. */
  readonly #verifiedAtMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#verifiedAtMs.size;
  }

  add(interfaceName: string, address: string): void {
    const key = `${interfaceName} ${address}`;
    // Set anew, so that the first key is the one verified longest ago.
    this.#verifiedAtMs.delete(key);
    if (this.#verifiedAtMs.size >= maximumVerifiedSources) {
      const [first] = this.#verifiedAtMs.keys();
      if (first !== undefined) this.#verifiedAtMs.delete(first);
    }
    this.#verifiedAtMs.set(key, this.#clock.monotonicMs());
  }

  /** Verified lately. */
  has(interfaceName: string, address: string): boolean {
    return this.#ageMs(interfaceName, address) < verifiedForMs;
  }

  /** Verified within a day. */
  remembers(interfaceName: string, address: string): boolean {
    return this.#ageMs(interfaceName, address) < rememberedForMs;
  }

  #ageMs(interfaceName: string, address: string): number {
    const key = `${interfaceName} ${address}`;
    const verifiedAtMs = this.#verifiedAtMs.get(key);
    if (verifiedAtMs === undefined) return Number.POSITIVE_INFINITY;
    const ageMs = this.#clock.monotonicMs() - verifiedAtMs;
    if (ageMs >= rememberedForMs) this.#verifiedAtMs.delete(key);
    return ageMs;
  }
}
