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

const validateEntry = validator(OutboxEntrySchema);

/** Stores all entries in one transaction. `gateway`: the authenticated sender. */
export async function storeEntries(
  database: Database,
  gateway: string,
  received: readonly ReceivedEntry[],
): Promise<StoredEntries> {
  const { sound, faulty } = sorted(received);
  return database.transaction(async (transaction) => {
    const refused = await insertSound(transaction, gateway, sound);
    const quarantined = [...faulty, ...refused];
    for (const { entry, error } of quarantined) await quarantine(transaction, gateway, entry, error);
    return { stored: received.length - quarantined.length, quarantined: quarantined.length };
  });
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
): Promise<FaultyEntry[]> {
  if (await wasInserted(transaction, gateway, entries)) return [];
  const refused: FaultyEntry[] = [];
  for (const entry of entries) {
    const error = await refusalOf(transaction, gateway, entry);
    if (error !== undefined) refused.push({ entry, error });
  }
  return refused;
}

async function wasInserted(
  transaction: Transaction,
  gateway: string,
  entries: readonly OutboxEntry[],
): Promise<boolean> {
  try {
    await transaction.transaction((inner) => insert(inner, gateway, entries));
    return true;
  } catch (error) {
    if (isDataFault(error)) return false;
    throw error;
  }
}

async function refusalOf(
  transaction: Transaction,
  gateway: string,
  entry: OutboxEntry,
): Promise<string | undefined> {
  try {
    await transaction.transaction((inner) => insert(inner, gateway, [entry]));
    return undefined;
  } catch (error) {
    if (isDataFault(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
}

async function insert(
  transaction: Transaction,
  gateway: string,
  entries: readonly OutboxEntry[],
): Promise<void> {
  await insertCallRecords(
    transaction,
    gateway,
    entries.flatMap((entry) => (entry.kind === "call-record" ? [entry.record] : [])),
  );
  await insertCallLegs(
    transaction,
    gateway,
    entries.flatMap((entry) => (entry.kind === "leg-record" ? [entry.leg] : [])),
  );
  await insertAlerts(
    transaction,
    gateway,
    entries.flatMap((entry) => (entry.kind === "alert" ? [entry.alert] : [])),
  );
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
