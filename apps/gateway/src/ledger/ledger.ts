/** A journalled call of an earlier life of this gateway. */
export interface JournalEntry {
  readonly callSid: string;
  /** JSON, as given to `journal`. */
  readonly text: string;
}

/** Outbox entries in order, ready for the stream to control: `text` is a JSON array of contracts' OutboxEntry. */
export interface OutboxBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly text: string;
}

/**
 * Journal and outbox of a gateway: what must survive `kill -9`. Everything given in one turn of the event loop is
 * committed together, within 20 ms. On a full or broken disk it goes on in a bounded memory queue and says so.
 */
export interface Ledger {
  /** Calls that were up when the gateway died. Read once, at start. */
  readonly recovered: readonly JournalEntry[];
  /** Writes or replaces a call's entry; `done` is called when it is safe (or, in degraded mode, at once). */
  journal(callSid: string, text: string, done: () => void): void;
  /** The call is over: its record goes into the outbox and its journal entry goes away, in one transaction. */
  finish(callSid: string, recordText: string): void;
  /** The same of a leg that was placed for a sister gateway: its leg record. */
  finishLeg(key: string, recordText: string): void;
  /** Removes a journal entry without a record: nobody can read it any more. */
  forget(callSid: string): void;
  /** An alert for control. `alertText` is JSON of contracts' Alert. */
  alert(alertText: string): void;
  /** Called when there is something to read after it was empty, or after `stored`. */
  onEntries: (() => void) | undefined;
  /** Entries after `afterSequence`, at most `limit` of them; undefined: none. */
  read(afterSequence: number, limit: number): Promise<OutboxBatch | undefined>;
  /** Control has stored everything up to and including `sequence`: it may go. */
  stored(sequence: number): void;
  /** Entries in the outbox and journal, and whether the disk takes them. */
  counts(): { readonly outbox: number; readonly journal: number; readonly isDegraded: boolean };
  /** Commits what is open and ends the worker. */
  close(): Promise<void>;
}
