import type { Clock } from "@tandem/clock";

/** Remotes that would not take a long request by TCP: asked again only after a while. The oldest is forgotten first. */
export class RefusedUpgrades {
  readonly #clock: Clock;
  readonly #memoryMs: number;
  readonly #maximum: number;
  readonly #untilMs = new Map<string, number>();

  constructor(options: { clock: Clock; memoryMs: number; maximum: number }) {
    this.#clock = options.clock;
    this.#memoryMs = options.memoryMs;
    this.#maximum = options.maximum;
  }

  get size(): number {
    return this.#untilMs.size;
  }

  add(remote: string): void {
    this.#untilMs.delete(remote);
    this.#untilMs.set(remote, this.#clock.monotonicMs() + this.#memoryMs);
    if (this.#untilMs.size <= this.#maximum) return;
    for (const oldest of this.#untilMs.keys()) {
      this.#untilMs.delete(oldest);
      return;
    }
  }

  has(remote: string): boolean {
    const untilMs = this.#untilMs.get(remote);
    if (untilMs === undefined) return false;
    if (this.#clock.monotonicMs() < untilMs) return true;
    this.#untilMs.delete(remote);
    return false;
  }

  clear(): void {
    this.#untilMs.clear();
  }
}
