import { Alert, CallRecord, LegRecord, validator } from "@tandem/contracts";
import type { JournalEntry, Ledger, OutboxBatch } from "../ledger/ledger.ts";

const validRecord = validator(CallRecord);
const validLeg = validator(LegRecord);
const validAlert = validator(Alert);

/** A ledger in memory that shows what it was given, in the shapes of contracts. */
export class LedgerDouble implements Ledger {
  onEntries: (() => void) | undefined;
  recovered: readonly JournalEntry[] = [];
  readonly journalled = new Map<string, string>();
  readonly records: CallRecord[] = [];
  readonly legs: LegRecord[] = [];
  readonly alerts: Alert[] = [];
  readonly forgotten: string[] = [];
  readonly storedUpTo: number[] = [];
  /** Entries that `read` hands out. */
  entries: { readonly sequence: number; readonly text: string }[] = [];
  readonly readsAfter: number[] = [];
  /** Keep what waits for the disk until `release`. */
  isHeld = false;
  #waiting: (() => void)[] = [];

  journal(callSid: string, text: string, done: () => void): void {
    this.journalled.set(callSid, text);
    if (this.isHeld) this.#waiting.push(done);
    else done();
  }

  /** The disk has taken everything. */
  release(): void {
    this.isHeld = false;
    for (const done of this.#waiting.splice(0)) done();
  }

  finish(callSid: string, recordText: string): void {
    const record = validRecord(JSON.parse(recordText));
    if (!record.ok) throw new Error(`the record is not as contracts say: ${record.error}`);
    this.journalled.delete(callSid);
    this.records.push(record.value);
  }

  finishLeg(key: string, recordText: string): void {
    const leg = validLeg(JSON.parse(recordText));
    if (!leg.ok) throw new Error(`the leg record is not as contracts say: ${leg.error}`);
    this.journalled.delete(key);
    this.legs.push(leg.value);
  }

  forget(callSid: string): void {
    this.journalled.delete(callSid);
    this.forgotten.push(callSid);
  }

  alert(alertText: string): void {
    const alert = validAlert(JSON.parse(alertText));
    if (!alert.ok) throw new Error(`the alert is not as contracts say: ${alert.error}`);
    this.alerts.push(alert.value);
  }

  async read(afterSequence: number, limit: number): Promise<OutboxBatch | undefined> {
    this.readsAfter.push(afterSequence);
    const found = this.entries.filter((entry) => entry.sequence > afterSequence).slice(0, limit);
    const [first] = found;
    const last = found[found.length - 1];
    if (first === undefined || last === undefined) return undefined;
    const text = `[${found.map((entry) => entry.text).join(",")}]`;
    return { firstSequence: first.sequence, lastSequence: last.sequence, text };
  }

  stored(sequence: number): void {
    this.storedUpTo.push(sequence);
    this.entries = this.entries.filter((entry) => entry.sequence > sequence);
  }

  counts(): { readonly outbox: number; readonly journal: number; readonly isDegraded: boolean } {
    return { outbox: this.entries.length, journal: this.journalled.size, isDegraded: false };
  }

  async close(): Promise<void> {}
}
