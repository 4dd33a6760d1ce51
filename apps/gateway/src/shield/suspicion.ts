import type { Clock } from "@tandem/clock";

/** Points at which a source is banned. */
export const pointsUntilBan = 40;
/** Points that a source loses per second. */
export const pointsForgivenPerSecond = 2;
/** A request that nobody knows the sender of, or no SIP at all: 40 at once, or 2 a second for ever, are borne. */
export const pointsOfStranger = 1;
/** A refused password or an address in no list: 10 at once, or one every two seconds, are borne. */
export const pointsOfRefusal = 4;
/** Sources that are watched at a time; beyond it the one that was seen first is forgotten. */
export const maximumSuspects = 20_000;

interface Suspect {
  points: number;
  atMs: number;
}

/** What each unknown source has done lately, in points that leak away. */
export class Suspicion {
  readonly #clock: Clock;
  readonly #suspects = new Map<string, Suspect>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#suspects.size;
  }

  /** True when the source has reached the limit; it starts afresh then. */
  add(interfaceName: string, address: string, points: number): boolean {
    const key = `${interfaceName} ${address}`;
    const now = this.#clock.monotonicMs();
    const suspect = this.#suspects.get(key);
    if (suspect === undefined) {
      if (points >= pointsUntilBan) return true;
      this.#makeRoom();
      this.#suspects.set(key, { points, atMs: now });
      return false;
    }
    const forgiven = ((now - suspect.atMs) / 1000) * pointsForgivenPerSecond;
    suspect.points = Math.max(0, suspect.points - forgiven) + points;
    suspect.atMs = now;
    if (suspect.points < pointsUntilBan) return false;
    this.#suspects.delete(key);
    return true;
  }

  forget(interfaceName: string, address: string): void {
    this.#suspects.delete(`${interfaceName} ${address}`);
  }

  #makeRoom(): void {
    if (this.#suspects.size < maximumSuspects) return;
    const [first] = this.#suspects.keys();
    if (first !== undefined) this.#suspects.delete(first);
  }
}
