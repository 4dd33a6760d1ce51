import { type CommitOutcome, LedgerCommitter } from "./ledger-committer.ts";
import type { LedgerReply, LedgerRequest } from "./ledger-messages.ts";
import type { LedgerStore } from "./ledger-store.ts";
import { decodeOperations } from "./operation-codec.ts";

type Store = Pick<LedgerStore, "commit" | "journal" | "read" | "counts" | "checkpoint" | "close">;

/** `batch` of a report that answers no commit: the state of the disk changed. */
export const noBatch = -1;

/** What the ledger's worker does with each request, and once a second. A disk that fails is reported, never thrown. */
export class LedgerService {
  readonly #store: Store;
  readonly #reply: (message: LedgerReply) => void;
  readonly #committer: LedgerCommitter;
  /** Committed since the last checkpoint. */
  #isDirty = false;

  constructor(store: Store, reply: (message: LedgerReply) => void) {
    this.#store = store;
    this.#reply = reply;
    this.#committer = new LedgerCommitter(store);
  }

  open(): void {
    this.#reply({ kind: "opened", journal: this.#store.journal(), outbox: this.#store.counts().outbox });
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

  /** Tries a degraded disk again, and brings what was committed beyond the reach of a power loss. */
  tick(): void {
    if (this.#committer.isDegraded) this.#report(noBatch, this.#committer.retry());
    if (!this.#isDirty) return;
    try {
      this.#store.checkpoint();
      this.#isDirty = false;
    } catch (error) {
      this.#report(noBatch, { isDegraded: true, error: textOf(error) });
    }
  }

  #read(id: number, afterSequence: number, limit: number): void {
    try {
      this.#reply({ kind: "entries", id, batch: this.#store.read(afterSequence, limit) });
    } catch (error) {
      this.#reply({ kind: "entries", id, batch: undefined });
      this.#report(noBatch, { isDegraded: true, error: textOf(error) });
    }
  }

  #close(): void {
    const last = this.#committer.retry();
    if (last.isDegraded) this.#report(noBatch, last);
    try {
      this.#store.close();
    } catch (error) {
      this.#report(noBatch, { isDegraded: true, error: textOf(error) });
    }
    this.#reply({ kind: "closed" });
  }

  #report(batch: number, outcome: CommitOutcome): void {
    this.#reply({ kind: "committed", batch, ...outcome, ...this.#store.counts() });
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
