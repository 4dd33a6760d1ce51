import { join } from "node:path";
import type { Clock } from "@tandem/clock";
import type { JournalEntry, Ledger, OutboxBatch } from "./ledger.ts";
import type { LedgerOperation, LedgerReply, LedgerRequest } from "./ledger-messages.ts";
import { LedgerThread } from "./ledger-thread.ts";
import { OldestEntry } from "./oldest-entry.ts";
import { encodeOperation } from "./operation-codec.ts";

/** Operations of this span are committed together; the answer of a call waits for it, 20 ms at most. */
export const groupCommitMs = 15;
/** A worker thread that died is replaced after so long. */
const restartMs = 1000;
/** Batches that the worker has not confirmed are kept for the next one; beyond it the oldest are given up. */
export const maximumUnconfirmedBatches = 10_000;

export interface WorkerLedgerOptions {
  readonly clock: Clock;
  /** Created with mode 0700. */
  readonly directory: string;
  /** The disk refuses, or takes again; `lost` operations were given up since the start. */
  readonly onDegraded?: (isDegraded: boolean, error: string | undefined, lost: number) => void;
  /** What waited for a commit threw: the fault of one call. */
  readonly onFault?: (error: unknown) => void;
}

interface Batch {
  readonly number: number;
  readonly operations: string;
  /** Of these, entries for the outbox. */
  readonly entries: number;
  waiting: readonly (() => void)[];
}

/**
 * The ledger in a worker thread.
 *
 *   running ──thread dies──▶ orphaned (degraded; batches are kept) ──1 s, new thread──▶ running (batches go again)
 *   any ──close()──▶ closed
 */
export class WorkerLedger implements Ledger {
  onEntries: (() => void) | undefined;
  readonly recovered: readonly JournalEntry[];
  readonly #options: WorkerLedgerOptions;
  readonly #file: string;
  #thread: LedgerThread | undefined;
  /** Sent, or waiting for a thread, the oldest first; the thread confirms them in this order. */
  readonly #batches: Batch[] = [];
  readonly #reads = new Map<number, (batch: OutboxBatch | undefined) => void>();
  #operations = "";
  #entries = 0;
  #waiting: (() => void)[] = [];
  #isFlushScheduled = false;
  #nextId = 1;
  #outbox: number;
  #journal: number;
  #isDegraded = false;
  #lost = 0;
  #failures = 0;
  readonly #oldest: OldestEntry;
  #closing: Promise<void> | undefined;
  #onClosed: (() => void) | undefined;

  private constructor(options: WorkerLedgerOptions, file: string, thread: LedgerThread) {
    this.#options = options;
    this.#file = file;
    this.recovered = thread.opened.journal;
    this.#outbox = thread.opened.outbox;
    this.#journal = thread.opened.journal.length;
    this.#oldest = new OldestEntry(this.#outbox, options.clock.monotonicMs());
    this.#adopt(thread);
  }

  /**
   * On a full disk it opens degraded, with nothing recovered but what can be read.
   * @throws Error when the directory or the database can't be opened for another reason, or another process has it
   */
  static async open(options: WorkerLedgerOptions): Promise<WorkerLedger> {
    const file = join(options.directory, "ledger.sqlite");
    return new WorkerLedger(options, file, await LedgerThread.start(file));
  }

  journal(callSid: string, text: string, done: () => void): void {
    this.#waiting.push(done);
    this.#add({ kind: "journal", callSid, text });
  }

  finish(callSid: string, recordText: string): void {
    this.#add({ kind: "finish", callSid, text: recordText });
  }

  finishLeg(key: string, recordText: string): void {
    this.#add({ kind: "finish-leg", callSid: key, text: recordText });
  }

  forget(callSid: string): void {
    this.#add({ kind: "forget", callSid });
  }

  alert(alertText: string): void {
    this.#add({ kind: "alert", text: alertText });
  }

  stored(sequence: number): void {
    this.#add({ kind: "stored", sequence });
  }

  read(afterSequence: number, limit: number): Promise<OutboxBatch | undefined> {
    const thread = this.#thread;
    if (thread === undefined || this.#closing !== undefined) return Promise.resolve(undefined);
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#reads.set(id, resolve);
      thread.post({ kind: "read", id, afterSequence, limit });
    });
  }

  counts(): { readonly outbox: number; readonly journal: number; readonly isDegraded: boolean } {
    return { outbox: this.#outbox, journal: this.#journal, isDegraded: this.#isDegraded };
  }

  /** How the disk and the way to control do; the totals since the start. */
  get disk(): {
    readonly failures: number;
    readonly lostOperations: number;
    /** Monotonic; since when the oldest entry waits for control. Undefined: none does. */
    readonly waitingSinceMs: number | undefined;
  } {
    return {
      failures: this.#failures,
      lostOperations: this.#lost,
      waitingSinceMs: this.#oldest.sinceMs,
    };
  }

  /** Idempotent. */
  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      this.flush();
      this.#onClosed = resolve;
      if (this.#thread === undefined) resolve();
      else this.#thread.post({ kind: "close" });
    });
    return this.#closing;
  }

  /** @internal The worker thread ends as if it had crashed. */
  async killThread(): Promise<void> {
    await this.#thread?.kill();
  }

  /** @internal Hands everything given so far to the worker as one batch. */
  flush(): void {
    this.#isFlushScheduled = false;
    if (this.#operations === "") return;
    const batch = {
      number: this.#nextId++,
      operations: this.#operations,
      entries: this.#entries,
      waiting: this.#waiting,
    };
    this.#operations = "";
    this.#entries = 0;
    this.#waiting = [];
    this.#keep(batch);
    if (this.#thread === undefined) this.#release(batch);
    else this.#thread.post(commitOf(batch));
  }

  /** @internal */
  async restart(): Promise<void> {
    if (this.#closing !== undefined) return;
    try {
      this.#adopt(await LedgerThread.start(this.#file));
    } catch (error) {
      this.#onEnd(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    for (const batch of this.#batches) this.#thread?.post(commitOf(batch));
    if ((this.#thread?.opened.outbox ?? 0) > 0) this.onEntries?.();
  }

  #adopt(thread: LedgerThread): void {
    this.#thread = thread;
    const { error } = thread.opened;
    // What waits tells by itself whether the disk takes it.
    if (error !== undefined || this.#batches.length === 0) this.#setDegraded(error !== undefined, error);
    thread.listen(
      (reply) => this.#onReply(reply),
      (error) => this.#onEnd(error ?? new Error("the worker thread ended")),
    );
  }

  #keep(batch: Batch): void {
    this.#batches.push(batch);
    if (this.#batches.length <= maximumUnconfirmedBatches) return;
    const oldest = this.#batches.shift();
    if (oldest !== undefined) this.#release(oldest);
  }

  #add(operation: LedgerOperation): void {
    this.#operations += encodeOperation(operation);
    const { kind } = operation;
    if (kind === "finish" || kind === "finish-leg" || kind === "alert") this.#entries += 1;
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    this.#options.clock.schedule(groupCommitMs, flush, this);
  }

  #onReply(reply: LedgerReply): void {
    switch (reply.kind) {
      case "committed":
        this.#onCommitted(reply);
        return;
      case "entries":
        this.#reads.get(reply.id)?.(reply.batch);
        this.#reads.delete(reply.id);
        return;
      case "closed":
      case "opened":
      case "failed-to-open":
        return;
    }
  }

  #onCommitted(reply: Extract<LedgerReply, { kind: "committed" }>): void {
    this.#outbox = reply.outbox;
    this.#journal = reply.journal;
    this.#lost = reply.lost;
    this.#setDegraded(reply.isDegraded, reply.error);
    this.#confirm(reply.batch, reply.outbox);
    if (reply.outbox > 0) this.onEntries?.();
  }

  #confirm(number: number, outbox: number): void {
    const at = this.#batches.findIndex((batch) => batch.number === number);
    const [batch] = at === -1 ? [] : this.#batches.splice(at, 1);
    this.#oldest.committed(batch?.entries ?? 0, outbox, this.#options.clock.monotonicMs());
    if (batch !== undefined) this.#release(batch);
  }

  /** The thread is gone: asked to, or died. Calls go on without a disk until there is a new one. */
  #onEnd(error: Error): void {
    this.#thread = undefined;
    for (const resolve of this.#reads.values()) resolve(undefined);
    this.#reads.clear();
    for (const batch of this.#batches) this.#release(batch);
    if (this.#closing !== undefined) {
      this.#onClosed?.();
      return;
    }
    this.#setDegraded(true, error.message);
    this.#options.clock.schedule(restartMs, restart, this);
  }

  #setDegraded(isDegraded: boolean, error: string | undefined): void {
    if (isDegraded === this.#isDegraded) return;
    this.#isDegraded = isDegraded;
    if (isDegraded) this.#failures += 1;
    this.#options.onDegraded?.(isDegraded, error, this.#lost);
  }

  /** What waited for the batch goes on, each for itself: the fault of one call must not stop another. */
  #release(batch: Batch): void {
    const { waiting } = batch;
    batch.waiting = [];
    for (const done of waiting) {
      try {
        done();
      } catch (error) {
        this.#options.onFault?.(error);
      }
    }
  }
}

function commitOf({ number, operations }: Batch): LedgerRequest {
  return { kind: "commit", batch: number, operations };
}

function flush(ledger: WorkerLedger): void {
  ledger.flush();
}

function restart(ledger: WorkerLedger): void {
  void ledger.restart();
}
