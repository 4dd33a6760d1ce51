import type { Clock, Timer } from "@tandem/clock";
import type { CountStore } from "./count-store.ts";
import { encodeCounts, type GatewayCounts } from "./gateway-counts.ts";
import type { RegionCounts } from "./region-counts.ts";

export const exchangeTiming = {
  /** From the end of one exchange to the next. */
  periodMs: 200,
  /** Opening the way, an exchange and taking back are given up after so long each. */
  timeoutMs: 1000,
  /** So long a gateway that is not heard any more is believed to have its calls. */
  expiryMs: 3000,
  /** From a failure to the next try; doubled with each failure in a row. */
  firstRetryMs: 250,
  lastRetryMs: 10_000,
} as const;

export interface CountExchangeOptions {
  readonly clock: Clock;
  /** One for each try to get a way to the store. */
  readonly newStore: () => CountStore;
  /** What this gateway has to say now. */
  readonly own: () => GatewayCounts;
  /** Names of the gateways that may be there besides. */
  readonly others: () => readonly string[];
  readonly region: RegionCounts;
  /** From here on the others are known. */
  readonly onShared: () => void;
  /** The others are not known any more, or since the start. Once, until they are. */
  readonly onAlone: (why: string) => void;
}

/**
 * Tells the other gateways of the region what this one counts, and hears what they do: one exchange after the other, never
 * two at a time, so that a store that is slow or dead holds up nobody and nothing grows. Without an answer for `expiryMs` the
 * others are forgotten. Times are those of this machine's monotonic clock and of the store; no machine's clock is compared.
 */
export class CountExchange {
  /** Exchanges that succeeded, and tries that failed. */
  readonly results: { done: number; failed: number } = { done: 0, failed: 0 };
  readonly #options: CountExchangeOptions;
  #store: CountStore | undefined;
  #nextRound: Timer | undefined;
  #alone: Timer | undefined;
  #failuresInARow = 0;
  #why: string = "";
  #isShared = false;
  #isClosed = false;

  constructor(options: CountExchangeOptions) {
    this.#options = options;
  }

  /** The others are known. */
  get isShared(): boolean {
    return this.#isShared;
  }

  start(): void {
    this.#expectAnswer(exchangeTiming.expiryMs);
    this.#roundAfter(0);
  }

  /** Takes back what this gateway says, if that can be done in time. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#nextRound?.cancel();
    this.#alone?.cancel();
    const store = this.#store;
    if (store === undefined) return;
    // The store's own expiry does it else.
    if (this.#isShared) await this.#inTime(store.withdraw()).catch(() => undefined);
    store.close();
  }

  #roundAfter(delayMs: number): void {
    this.#nextRound = this.#options.clock.schedule(delayMs, () => void this.#round(), undefined);
  }

  async #round(): Promise<void> {
    const { own, others } = this.#options;
    try {
      const store = this.#store ?? (await this.#opened());
      const text = encodeCounts(own());
      const texts = await this.#inTime(store.exchange(text, others(), exchangeTiming.expiryMs));
      if (!this.#isClosed) this.#onHeard(texts);
    } catch (error) {
      if (!this.#isClosed) this.#onFailed(error);
    }
  }

  async #opened(): Promise<CountStore> {
    const store = this.#options.newStore();
    this.#store = store;
    await this.#inTime(store.open());
    return store;
  }

  #onHeard(texts: ReadonlyMap<string, string>): void {
    this.results.done += 1;
    this.#failuresInARow = 0;
    this.#options.region.hear(texts);
    this.#expectAnswer(exchangeTiming.expiryMs);
    this.#roundAfter(exchangeTiming.periodMs);
    if (this.#isShared) return;
    this.#isShared = true;
    this.#options.onShared();
  }

  #onFailed(error: unknown): void {
    this.results.failed += 1;
    this.#why = textOf(error);
    this.#store?.close();
    this.#store = undefined;
    const { firstRetryMs, lastRetryMs } = exchangeTiming;
    this.#roundAfter(Math.min(lastRetryMs, firstRetryMs * 2 ** this.#failuresInARow));
    this.#failuresInARow += 1;
  }

  #expectAnswer(delayMs: number): void {
    this.#alone?.cancel();
    this.#alone = this.#options.clock.schedule(delayMs, () => this.#onSilence(), undefined);
  }

  #onSilence(): void {
    // Nothing has failed: not the store stood still but this program, and the exchange that is due will tell.
    if (this.#failuresInARow === 0) {
      this.#expectAnswer(exchangeTiming.timeoutMs);
      return;
    }
    this.#isShared = false;
    this.#options.region.forget();
    this.#options.onAlone(this.#why);
  }

  #inTime<T>(promise: Promise<T>): Promise<T> {
    const { timeoutMs } = exchangeTiming;
    const late = Promise.withResolvers<never>();
    const onLate = (): void => late.reject(new Error(`no answer in ${timeoutMs} ms`));
    const timer = this.#options.clock.schedule(timeoutMs, onLate, undefined);
    return Promise.race([promise, late.promise]).finally(() => timer.cancel());
  }
}

/** Of a failed connection to several addresses Node says nothing but a code. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== "") return error.message;
  return "code" in error ? String(error.code) : error.name;
}
