import { type FileHandle, open, readFile, rm } from "node:fs/promises";
import { SnapshotChange, validator } from "@tandem/contracts";

const validate = validator(SnapshotChange);

/** The snapshot file that the changes belong to. */
export interface ChangesBase {
  readonly version: number;
  readonly bytes: number;
}

export interface ReadChanges {
  readonly changes: readonly SnapshotChange[];
  readonly bytes: number;
  /** Something is there that can't be used: a line that was cut off, or changes of another snapshot. */
  readonly isDamaged: boolean;
}

/**
 * Changes behind a snapshot on disk: a line that names the snapshot, then a line for each change. What follows a line that
 * was not written to its end is as good as not there. Mode 0600: it holds secrets.
 */
export class ChangesFile {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** The changes of that snapshot in their order, those that lead from one to the next. */
  async read(base: ChangesBase): Promise<ReadChanges> {
    let text: string;
    try {
      text = await readFile(this.#file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT")
        return { changes: [], bytes: 0, isDamaged: false };
      throw error;
    }
    const [header, ...lines] = text.split("\n");
    // What is behind the last line end was never finished.
    const rest = lines.pop();
    if (header !== headerOf(base)) return { changes: [], bytes: 0, isDamaged: true };
    const changes: SnapshotChange[] = [];
    let { version } = base;
    for (const line of lines) {
      const change = changeOf(line);
      if (change?.fromVersion !== version) return { changes, bytes: text.length, isDamaged: true };
      changes.push(change);
      version = change.toVersion;
    }
    return { changes, bytes: text.length, isDamaged: rest !== "" };
  }

  /** Adds lines behind those that are there, and returns when they are on disk. Returns the bytes that were added. */
  async append(base: ChangesBase, changes: readonly SnapshotChange[]): Promise<number> {
    const handle = await open(this.#file, "a", 0o600);
    try {
      const { size } = await handle.stat();
      if (size === 0) await handle.chmod(0o600);
      return await write(handle, [...(size === 0 ? [headerOf(base)] : []), ...changes.map(textOf)]);
    } finally {
      await handle.close();
    }
  }

  async remove(): Promise<void> {
    await rm(this.#file, { force: true });
  }
}

async function write(handle: FileHandle, lines: readonly string[]): Promise<number> {
  const bytes = Buffer.from(`${lines.join("\n")}\n`);
  await handle.writeFile(bytes);
  await handle.sync();
  return bytes.length;
}

function textOf(change: SnapshotChange): string {
  return JSON.stringify(change);
}

function headerOf({ version, bytes }: ChangesBase): string {
  return JSON.stringify({ snapshotVersion: version, snapshotBytes: bytes });
}

function changeOf(line: string): SnapshotChange | undefined {
  try {
    const checked = validate(JSON.parse(line));
    return checked.ok ? checked.value : undefined;
  } catch {
    return undefined;
  }
}
