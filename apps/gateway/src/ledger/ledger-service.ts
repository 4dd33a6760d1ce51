import type { AwaitedStore } from "./awaited-store.ts";
import type { OutboxBatch } from "./ledger.ts";
import { type CommitOutcome, LedgerCommitter } from "./ledger-committer.ts";
import type { LedgerReply, LedgerRequest } from "./ledger-messages.ts";
import { decodeOperations } from "./operation-codec.ts";

type Store = Pick<AwaitedStore, "reopen" | "commit" | "journal" | "read" | "counts" | "checkpoint" | "close">;

/** `batch` of a report that answers no commit: the state of the disk changed. */
export const noBatch = -1;

/** What the ledger's worker does with each request, and once a second. A disk that fails is reported, never thrown. */
export class LedgerService {
  readonly #store: Store;
  readonly #reply: (message: LedgerReply) => void;
  readonly #committer: LedgerCommitter;
  /** Committed since the last checkpoint. */
  #isDirty = false;
  /** What the disk said when the store was opened, to the last checkpoint and to the last read; undefined: all went well. */
  #openError: string | undefined;
  #checkpointError: string | undefined;
  #readError: string | undefined;

  constructor(store: Store, reply: (message: LedgerReply) => void) {
    this.#store = store;
    this.#reply = reply;
    this.#committer = new LedgerCommitter(store);
  }

  open(): void {
    this.#openError = errorOf(() => this.#store.reopen());
    const { outbox } = this.#store.counts();
    this.#reply({ kind: "opened", journal: this.#store.journal(), outbox, error: this.#openError });
  }

  handle(request: LedgerRequest): void {
    switch (request.kind) {
      case "commit":
        this.#isDirty = true;
        this.#report(request.batch, this.#committer.commit(decodeOperations(request.operations)));
        return;
      case "read":
        this.#read(request.id, request.afterSequence, request.limit);
        return;
      case "close":
        this.#close();
        return;
    }
  }

  /**
   * Tries a degraded disk again, and brings what was committed beyond the reach of a power loss. As long as anything is wrong that is
   * reported, and once more when all is well again: on a quiet gateway no commit would say so, and no read be tried again.
   */
  tick(): void {
    const wasWell = this.#isWell;
    if (this.#openError !== undefined) this.#openError = errorOf(() => this.#store.reopen());
    if (this.#committer.isDegraded) this.#committer.retry();
    if (this.#isDirty) {
      this.#checkpointError = errorOf(() => this.#store.checkpoint());
      this.#isDirty = this.#checkpointError !== undefined;
    }
    if (!wasWell || !this.#isWell) this.#report(noBatch, this.#committer.outcome);
  }

  get #isWell(): boolean {
    const errors = [this.#openError, this.#checkpointError, this.#readError];
    return !this.#committer.isDegraded && errors.every((error) => error === undefined);
  }

  #read(id: number, afterSequence: number, limit: number): void {
    const before = this.#readError;
    let batch: OutboxBatch | undefined;
    this.#readError = errorOf(() => {
      batch = this.#store.read(afterSequence, limit);
    });
    this.#reply({ kind: "entries", id, batch });
    if (this.#readError !== before) this.#report(noBatch, this.#committer.outcome);
  }

  #close(): void {
    const last = this.#committer.retry();
    if (last.isDegraded) this.#report(noBatch, last);
    const error = errorOf(() => this.#store.close());
    if (error !== undefined) this.#report(noBatch, { isDegraded: true, error });
    this.#reply({ kind: "closed" });
  }

  #report(batch: number, outcome: CommitOutcome): void {
    const error = outcome.error ?? this.#openError ?? this.#checkpointError ?? this.#readError;
    this.#reply({
      kind: "committed",
      batch,
      isDegraded: error !== undefined,
      error,
      lost: this.#committer.lost,
      ...this.#store.counts(),
    });
  }
}

/** Undefined: it went well. */
function errorOf(action: () => void): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
