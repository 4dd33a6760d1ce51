import { chmodSync, closeSync, openSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { JournalEntry, OutboxBatch } from "./ledger.ts";
import type { LedgerOperation } from "./ledger-messages.ts";

// The lock comes first: before the log is looked at for the first time. Its index is kept in memory then and not in a file, so that
// what is there can be read on a disk without any room.
const schema = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS journal (call_sid TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS outbox (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, text TEXT NOT NULL);
`;

/** Member of contracts' OutboxEntry that holds the text. */
const members: Readonly<Record<string, string>> = { "call-record": "record", "leg-record": "leg" };

/** Journal and outbox in SQLite. Synchronous: it lives in the ledger's worker thread. */
export class LedgerStore {
  readonly #database: DatabaseSync;
  readonly #putJournal: StatementSync;
  readonly #dropJournal: StatementSync;
  readonly #addEntry: StatementSync;
  readonly #dropEntries: StatementSync;
  readonly #readEntries: StatementSync;
  /** Counted here: COUNT(*) walks the table. */
  readonly #journalled: Set<string>;
  #entries: number;
  /** Outbox rows that the transaction under way deletes. */
  #dropped = 0;

  /** @throws Error when the file is locked by another process, is no database, or there is no room for a new one */
  constructor(file: string) {
    this.#database = openDatabase(file);
    this.#putJournal = this.#database.prepare(
      "INSERT INTO journal (call_sid, text) VALUES (?, ?) ON CONFLICT (call_sid) DO UPDATE SET text = excluded.text",
    );
    this.#dropJournal = this.#database.prepare("DELETE FROM journal WHERE call_sid = ?");
    this.#addEntry = this.#database.prepare("INSERT INTO outbox (kind, text) VALUES (?, ?)");
    this.#dropEntries = this.#database.prepare("DELETE FROM outbox WHERE sequence <= ?");
    this.#readEntries = this.#database.prepare(
      "SELECT sequence, kind, text FROM outbox WHERE sequence > ? ORDER BY sequence LIMIT ?",
    );
    this.#journalled = new Set(this.journal().map((entry) => entry.callSid));
    this.#entries = Number(
      this.#database.prepare("SELECT count(*) AS entries FROM outbox").get()?.["entries"],
    );
  }

  /** All operations or none. @throws Error when the disk does not take them; nothing is changed then */
  commit(operations: readonly LedgerOperation[]): void {
    this.#database.exec("BEGIN IMMEDIATE");
    this.#dropped = 0;
    try {
      for (const operation of operations) this.#perform(operation);
      this.#database.exec("COMMIT");
      this.#count(operations);
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  journal(): JournalEntry[] {
    const rows = this.#database.prepare("SELECT call_sid, text FROM journal ORDER BY call_sid").all();
    return rows.map((row) => ({ callSid: String(row["call_sid"]), text: String(row["text"]) }));
  }

  /** Entries after `afterSequence` as a JSON array of contracts' OutboxEntry; undefined: none. */
  read(afterSequence: number, limit: number): OutboxBatch | undefined {
    const rows = this.#readEntries.all(afterSequence, limit);
    const first = rows[0];
    const last = rows[rows.length - 1];
    if (first === undefined || last === undefined) return undefined;
    const entries = rows.map((row) => {
      const kind = String(row["kind"]);
      const member = members[kind] ?? "alert";
      return `{"sequence":${Number(row["sequence"])},"kind":"${kind}","${member}":${String(row["text"])}}`;
    });
    return {
      firstSequence: Number(first["sequence"]),
      lastSequence: Number(last["sequence"]),
      text: `[${entries.join(",")}]`,
    };
  }

  counts(): { readonly outbox: number; readonly journal: number } {
    return { outbox: this.#entries, journal: this.#journalled.size };
  }

  /** Moves the write-ahead log into the database and syncs both: what was committed survives a power loss from here on. */
  checkpoint(): void {
    this.#database.exec("PRAGMA wal_checkpoint(PASSIVE)");
  }

  close(): void {
    this.#database.close();
  }

  #perform(operation: LedgerOperation): void {
    switch (operation.kind) {
      case "journal":
        this.#putJournal.run(operation.callSid, operation.text);
        return;
      case "finish":
        this.#dropJournal.run(operation.callSid);
        this.#addEntry.run("call-record", operation.text);
        return;
      case "finish-leg":
        this.#dropJournal.run(operation.callSid);
        this.#addEntry.run("leg-record", operation.text);
        return;
      case "forget":
        this.#dropJournal.run(operation.callSid);
        return;
      case "alert":
        this.#addEntry.run("alert", operation.text);
        return;
      case "stored":
        this.#dropped += Number(this.#dropEntries.run(operation.sequence).changes);
        return;
    }
  }

  #count(operations: readonly LedgerOperation[]): void {
    for (const operation of operations) {
      const { kind } = operation;
      const isFinish = kind === "finish" || kind === "finish-leg";
      if (kind === "journal") this.#journalled.add(operation.callSid);
      else if (isFinish || kind === "forget") this.#journalled.delete(operation.callSid);
      if (isFinish || kind === "alert") this.#entries += 1;
    }
    this.#entries -= this.#dropped;
  }
}

function openDatabase(file: string): DatabaseSync {
  // SQLite gives the write-ahead log the mode that the database has: it must be right before anything is written.
  closeSync(openSync(file, "a", 0o600));
  chmodSync(file, 0o600);
  const database = new DatabaseSync(file);
  try {
    database.exec(schema);
    return database;
  } catch (error) {
    // It may be tried again: the lock must not stay.
    database.close();
    throw error;
  }
}
