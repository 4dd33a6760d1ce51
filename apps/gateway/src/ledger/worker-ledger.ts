import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Clock } from "@tandem/clock";
import type { JournalEntry, Ledger, OutboxBatch } from "./ledger.ts";
import type { LedgerOperation, LedgerReply, LedgerRequest } from "./ledger-messages.ts";

/** Operations of this span are committed together. */
const groupCommitMs = 5;

export interface WorkerLedgerOptions {
  readonly clock: Clock;
  /** Created with mode 0700. */
  readonly directory: string;
  /** The disk refuses, or takes again. */
  readonly onDegraded?: (isDegraded: boolean, error: string | undefined) => void;
}

/** The ledger in a worker thread. */
export class WorkerLedger implements Ledger {
  onEntries: (() => void) | undefined;
  readonly recovered: readonly JournalEntry[];
  readonly #options: WorkerLedgerOptions;
  readonly #worker: Worker;
  readonly #done = new Map<number, (() => void)[]>();
  readonly #reads = new Map<number, (batch: OutboxBatch | undefined) => void>();
  #operations: LedgerOperation[] = [];
  #waiting: (() => void)[] = [];
  #isFlushScheduled = false;
  #nextId = 1;
  #outbox: number;
  #journal: number;
  #isDegraded = false;
  #closed: (() => void) | undefined;

  private constructor(options: WorkerLedgerOptions, worker: Worker, opened: Extract<LedgerReply, { kind: "opened" }>) {
    this.#options = options;
    this.#worker = worker;
    this.recovered = opened.journal;
    this.#outbox = opened.outbox;
    this.#journal = opened.journal.length;
    worker.on("message", (reply: LedgerReply) => this.#onReply(reply));
  }

  /** @throws Error when the directory or the database can't be opened, or another process has it */
  static async open(options: WorkerLedgerOptions): Promise<WorkerLedger> {
    mkdirSync(options.directory, { recursive: true, mode: 0o700 });
    const file = join(options.directory, "ledger.sqlite");
    const worker = new Worker(new URL("./ledger-worker.ts", import.meta.url), { workerData: { file } });
    const first = await new Promise<LedgerReply>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
    if (first.kind !== "opened") {
      await worker.terminate();
      throw new Error(`${file}: ${first.kind === "failed-to-open" ? first.error : "did not open"}`);
    }
    return new WorkerLedger(options, worker, first);
  }

  journal(callSid: string, text: string, done: () => void): void {
    this.#waiting.push(done);
    this.#add({ kind: "journal", callSid, text });
  }

  finish(callSid: string, recordText: string): void {
    this.#add({ kind: "finish", callSid, text: recordText });
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
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#reads.set(id, resolve);
      this.#post({ kind: "read", id, afterSequence, limit });
    });
  }

  counts(): { readonly outbox: number; readonly journal: number; readonly isDegraded: boolean } {
    return { outbox: this.#outbox, journal: this.#journal, isDegraded: this.#isDegraded };
  }

  close(): Promise<void> {
    this.flush();
    return new Promise((resolve) => {
      this.#closed = resolve;
      this.#post({ kind: "close" });
    });
  }

  /** @internal Hands everything given so far to the worker as one batch. */
  flush(): void {
    this.#isFlushScheduled = false;
    if (this.#operations.length === 0) return;
    const batch = this.#nextId++;
    if (this.#waiting.length > 0) this.#done.set(batch, this.#waiting);
    this.#post({ kind: "commit", batch, operations: this.#operations });
    this.#operations = [];
    this.#waiting = [];
  }

  #add(operation: LedgerOperation): void {
    this.#operations.push(operation);
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    this.#options.clock.schedule(groupCommitMs, flush, this);
  }

  #post(request: LedgerRequest): void {
    this.#worker.postMessage(request);
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
        this.#closed?.();
        return;
      case "opened":
      case "failed-to-open":
        return;
    }
  }

  #onCommitted(reply: Extract<LedgerReply, { kind: "committed" }>): void {
    this.#outbox = reply.outbox;
    this.#journal = reply.journal;
    if (reply.isDegraded !== this.#isDegraded) {
      this.#isDegraded = reply.isDegraded;
      this.#options.onDegraded?.(reply.isDegraded, reply.error);
    }
    const done = this.#done.get(reply.batch);
    this.#done.delete(reply.batch);
    for (const callback of done ?? []) callback();
    if (reply.outbox > 0) this.onEntries?.();
  }
}

function flush(ledger: WorkerLedger): void {
  ledger.flush();
}
