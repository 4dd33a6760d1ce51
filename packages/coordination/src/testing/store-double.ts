import type { Clock } from "@tandem/clock";
import type { CountStore } from "../count-store.ts";

/** A store in memory for the gateways of a test, with the expiry of a real one. */
export class SharedStore {
  readonly #clock: Clock;
  readonly #texts = new Map<string, { readonly text: string; readonly endMs: number }>();
  /** Every way to it fails with this text. */
  refusal: string | undefined;
  /** Nothing is ever answered: a connection that stands still. */
  isStalled = false;
  /** Ways that were opened and not closed. */
  readonly open: Set<StoreDouble> = new Set();
  /** Exchanges without an answer. */
  waiting = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wayOf(gateway: string): StoreDouble {
    return new StoreDouble(this, gateway);
  }

  put(gateway: string, text: string, expiryMs: number): void {
    this.#texts.set(gateway, { text, endMs: this.#clock.monotonicMs() + expiryMs });
  }

  take(gateway: string): void {
    this.#texts.delete(gateway);
  }

  textOf(gateway: string): string | undefined {
    const kept = this.#texts.get(gateway);
    return kept !== undefined && this.#clock.monotonicMs() < kept.endMs ? kept.text : undefined;
  }

  async answered(): Promise<void> {
    if (this.refusal !== undefined) throw new Error(this.refusal);
    if (!this.isStalled) return;
    this.waiting += 1;
    await new Promise(() => undefined);
  }
}

export class StoreDouble implements CountStore {
  readonly #shared: SharedStore;
  readonly #gateway: string;

  constructor(shared: SharedStore, gateway: string) {
    this.#shared = shared;
    this.#gateway = gateway;
  }

  async open(): Promise<void> {
    this.#shared.open.add(this);
    await this.#shared.answered();
  }

  async exchange(
    text: string,
    others: readonly string[],
    expiryMs: number,
  ): Promise<ReadonlyMap<string, string>> {
    await this.#shared.answered();
    this.#shared.put(this.#gateway, text, expiryMs);
    const texts = new Map<string, string>();
    for (const other of others) {
      const said = this.#shared.textOf(other);
      if (said !== undefined) texts.set(other, said);
    }
    return texts;
  }

  async withdraw(): Promise<void> {
    await this.#shared.answered();
    this.#shared.take(this.#gateway);
  }

  close(): void {
    this.#shared.open.delete(this);
  }
}
