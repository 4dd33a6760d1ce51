import { type Clock, sleep } from "@tandem/clock";
import type { ReceivedEntry } from "../records/store-entries.ts";
import { gatewayStreamLimits as limits } from "./limits.ts";

/**
 * Frames of entries of one gateway on their way into the database, one after the other in order of arrival. While the
 * database is away the first one is tried again and again; when too many wait, `onFull` says stop reading.
 */
export class EntryQueue {
  readonly #waiting: (readonly ReceivedEntry[])[] = [];
  readonly #options: EntryQueueOptions;
  readonly #closed = new AbortController();
  #isWorking = false;

  constructor(options: EntryQueueOptions) {
    this.#options = options;
  }

  push(entries: readonly ReceivedEntry[]): void {
    if (this.#closed.signal.aborted) return;
    this.#waiting.push(entries);
    if (this.#waiting.length >= limits.maximumWaitingEntryFrames) this.#options.onFull();
    if (!this.#isWorking) void this.#work();
  }

  /** What is being stored is finished, but no longer confirmed: the gateway will send it again. */
  close(): void {
    this.#closed.abort();
    this.#waiting.length = 0;
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    for (let entries = this.#waiting[0]; entries !== undefined; entries = this.#waiting[0]) {
      await this.#store(entries);
      if (this.#closed.signal.aborted) break;
      this.#waiting.shift();
      this.#options.onStored(Math.max(-1, ...entries.map((entry) => entry.sequence)));
      if (this.#waiting.length === limits.maximumWaitingEntryFrames - 1) this.#options.onRoom();
    }
    this.#isWorking = false;
  }

  /** Returns when the entries are stored or the queue is closed. */
  async #store(entries: readonly ReceivedEntry[]): Promise<void> {
    while (!this.#closed.signal.aborted) {
      try {
        await this.#options.store(entries);
        return;
      } catch (error) {
        this.#options.onFailure(error);
      }
      await sleep(this.#options.clock, limits.storeRetryMs, this.#closed.signal).catch(() => undefined);
    }
  }
}

export interface EntryQueueOptions {
  readonly clock: Clock;
  readonly store: (entries: readonly ReceivedEntry[]) => Promise<unknown>;
  /** All entries up to `sequence` are stored; -1 for a frame without entries. */
  readonly onStored: (sequence: number) => void;
  readonly onFull: () => void;
  readonly onRoom: () => void;
  readonly onFailure: (error: unknown) => void;
}
