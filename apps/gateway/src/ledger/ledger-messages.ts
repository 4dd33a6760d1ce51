import type { JournalEntry, OutboxBatch } from "./ledger.ts";

/** One change of journal or outbox. */
export type LedgerOperation =
  | { readonly kind: "journal"; readonly callSid: string; readonly text: string }
  | { readonly kind: "finish"; readonly callSid: string; readonly text: string }
  | { readonly kind: "finish-leg"; readonly callSid: string; readonly text: string }
  | { readonly kind: "forget"; readonly callSid: string }
  | { readonly kind: "alert"; readonly text: string }
  | { readonly kind: "stored"; readonly sequence: number };

/** From the gateway's thread to the ledger's worker. */
export type LedgerRequest =
  /** `operations`: as `operation-codec.ts` writes them. */
  | { readonly kind: "commit"; readonly batch: number; readonly operations: string }
  | { readonly kind: "read"; readonly id: number; readonly afterSequence: number; readonly limit: number }
  | { readonly kind: "close" };

/** From the worker back. */
export type LedgerReply =
  | {
      readonly kind: "opened";
      readonly journal: readonly JournalEntry[];
      readonly outbox: number;
      /** Set: there is no room for it on the disk yet; the worker keeps everything in memory and tries again. */
      readonly error: string | undefined;
    }
  | { readonly kind: "failed-to-open"; readonly error: string }
  /** `isDegraded`: the disk did not take it; the worker keeps it in memory and tries again. */
  | {
      readonly kind: "committed";
      readonly batch: number;
      readonly isDegraded: boolean;
      readonly error: string | undefined;
      /** Operations that were given up since the start, because too many waited for the disk. */
      readonly lost: number;
      readonly outbox: number;
      readonly journal: number;
    }
  | { readonly kind: "entries"; readonly id: number; readonly batch: OutboxBatch | undefined }
  | { readonly kind: "closed" };
