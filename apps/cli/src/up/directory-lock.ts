/**
 * One `up` at a time in a data directory, by a lock that the kernel takes back when its process ends, however that was. A
 * process id in a file would not do: after a crash or a reboot another program may have it.
 *
 * The lock is SQLite's on an empty database, since Node has no call for locks of files. Nothing is ever written to it,
 * and the file stays: removed, it could be locked twice, as the old and as the new file.
 */
import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** SQLITE_BUSY, in the low byte of SQLite's error codes: another process has the lock. */
const busyCode = 5;

export class DirectoryLock {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Undefined: another process has it. @throws Error when the file cannot be made, or is no lock */
  static take(file: string): DirectoryLock | undefined {
    makePrivate(file);
    const database = new DatabaseSync(file, { timeout: 0 });
    try {
      database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
      return new DirectoryLock(database);
    } catch (error) {
      database.close();
      if (isBusy(error)) return undefined;
      throw error;
    }
  }

  release(): void {
    this.#database.close();
  }
}

/** An existing file is not opened: a process loses its lock of a file when it closes that file anywhere. */
function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: unknown }).errcode;
  return typeof code === "number" && (code & 0xff) === busyCode;
}
