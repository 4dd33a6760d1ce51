/**
 * Intake of call records, leg records and alerts. An entry is confirmed to its gateway only after the commit that stored it, and
 * every entry is stored: one that is malformed, or that the database refuses for its values, goes into quarantine
 * instead of holding up those behind it. Only a database that cannot be reached makes this throw.
 */
import { createHash } from "node:crypto";
import { type OutboxEntry, OutboxEntry as OutboxEntrySchema, validator } from "@tandem/contracts";
import {
  type Database,
  insertAlerts,
  insertCallLegs,
  insertCallRecords,
  insertQuarantinedEntry,
  isDataFault,
  type Transaction,
} from "@tandem/database";
import type { RecordTally } from "./record-tally.ts";

/** An entry as it came: only its place in the outbox is sure. */
export interface ReceivedEntry {
  readonly sequence: number;
}

export interface StoredEntries {
  /** New or already there. */
  readonly stored: number;
  readonly quarantined: number;
}

interface FaultyEntry {
  readonly entry: ReceivedEntry;
  readonly error: string;
}

/** What was not there before. */
interface News {
  readonly entries: number;
  readonly alertCodes: readonly number[];
}

const validateEntry = validator(OutboxEntrySchema);

/** Stores all entries in one transaction. `gateway`: the authenticated sender. `tally` counts them after the commit. */
export async function storeEntries(
  database: Database,
  gateway: string,
  received: readonly ReceivedEntry[],
  tally?: RecordTally,
): Promise<StoredEntries> {
  const { sound, faulty } = sorted(received);
  const { quarantined, news } = await database.transaction(async (transaction) => {
    const inserted = await insertSound(transaction, gateway, sound);
    const refused = [...faulty, ...inserted.refused];
    for (const { entry, error } of refused) await quarantine(transaction, gateway, entry, error);
    return { quarantined: refused.length, news: inserted.news };
  });
  const stored = received.length - quarantined;
  const entries = news.reduce((sum, one) => sum + one.entries, 0);
  const alertCodes = news.flatMap((one) => one.alertCodes);
  tally?.took({ sound, quarantined, duplicates: stored - entries, alertCodes });
  return { stored, quarantined };
}

function sorted(received: readonly ReceivedEntry[]): { sound: OutboxEntry[]; faulty: FaultyEntry[] } {
  const sound: OutboxEntry[] = [];
  const faulty: FaultyEntry[] = [];
  for (const entry of received) {
    const checked = validateEntry(entry);
    if (checked.ok) sound.push(checked.value);
    else faulty.push({ entry, error: checked.error });
  }
  return { sound, faulty };
}

/** All at once; if the database refuses the values of any, one by one, so that only that one is refused. */
async function insertSound(
  transaction: Transaction,
  gateway: string,
  entries: readonly OutboxEntry[],
): Promise<{ readonly refused: readonly FaultyEntry[]; readonly news: readonly News[] }> {
  const all = await tryInsert(transaction, gateway, entries);
  if (typeof all !== "string") return { refused: [], news: [all] };
  const refused: FaultyEntry[] = [];
  const news: News[] = [];
  for (const entry of entries) {
    const one = await tryInsert(transaction, gateway, [entry]);
    if (typeof one === "string") refused.push({ entry, error: one });
    else news.push(one);
  }
  return { refused, news };
}

/** A text says what the database has against the values. */
async function tryInsert(
  transaction: Transaction,
  gateway: string,
  entries: readonly OutboxEntry[],
): Promise<News | string> {
  try {
    return await transaction.transaction((inner) => insert(inner, gateway, entries));
  } catch (error) {
    if (isDataFault(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
}

async function insert(
  transaction: Transaction,
  gateway: string,
  entries: readonly OutboxEntry[],
): Promise<News> {
  const records = await insertCallRecords(
    transaction,
    gateway,
    entries.flatMap((entry) => (entry.kind === "call-record" ? [entry.record] : [])),
  );
  const legs = await insertCallLegs(
    transaction,
    gateway,
    entries.flatMap((entry) => (entry.kind === "leg-record" ? [entry.leg] : [])),
  );
  const alertCodes = await insertAlerts(
    transaction,
    gateway,
    entries.flatMap((entry) => (entry.kind === "alert" ? [entry.alert] : [])),
  );
  return { entries: records + legs + alertCodes.length, alertCodes };
}

/** JSON text has no NUL and no lone surrogate (they are escaped), so `text` columns hold whatever came. */
async function quarantine(
  transaction: Transaction,
  gateway: string,
  entry: ReceivedEntry,
  error: string,
): Promise<void> {
  const text = JSON.stringify(entry);
  await insertQuarantinedEntry(transaction, {
    gateway,
    entrySequence: entry.sequence,
    digest: createHash("sha256").update(text).digest("hex"),
    entry: text,
    error: error.replaceAll("\0", ""),
  });
}
