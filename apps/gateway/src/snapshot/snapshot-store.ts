import { createReadStream } from "node:fs";
import { type FileHandle, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  Snapshot,
  type SnapshotChange,
  snapshotFormatVersion,
  upgradeSnapshot,
  validator,
} from "@tandem/contracts";
import { makeDirectory } from "@tandem/directories";
import { RoutingTable } from "@tandem/routing";
import { type ChangesBase, ChangesFile } from "./changes-file.ts";
import { NotInLines, SnapshotLines } from "./snapshot-lines.ts";
import { snapshotText } from "./snapshot-text.ts";

/** A smaller snapshot is written again at each change: that costs no more than a change behind it. */
export const smallSnapshotBytes = 1024 * 1024;
/** Changes behind a snapshot; with more of them the snapshot is written again. */
export const maximumChangesBytes = 16 * 1024 * 1024;

/** Bytes that are read and parsed at a time: a millisecond of work or two. */
const readBytes = 128 * 1024;
const validate = validator(Snapshot);

interface Waiting {
  readonly table: RoutingTable;
  readonly change: SnapshotChange | undefined;
  readonly onKept: () => void;
  readonly onFailed: (error: unknown) => void;
}

/**
 * The last snapshot on disk: a gateway starts and routes by it when control is away. `snapshot.json` is a whole one,
 * `snapshot.changes` what came after it. Mode 0600: they hold secrets.
 */
export class SnapshotStore {
  readonly #file: string;
  readonly #changes: ChangesFile;
  /** What came while something was being written; a newer whole one makes the older ones needless. */
  #waiting: Waiting[] = [];
  #isWriting = false;
  /** Undefined: what is on disk is not known to be sound, so that the next must be a whole one. */
  #base: ChangesBase | undefined;
  #changesBytes = 0;
  #keptVersion = 0;

  constructor(stateDirectory: string) {
    this.#file = join(stateDirectory, "snapshot.json");
    this.#changes = new ChangesFile(join(stateDirectory, "snapshot.changes"));
  }

  /** Undefined when there is none. @throws Error when there is one that can't be used */
  async read(): Promise<RoutingTable | undefined> {
    try {
      return await this.#read();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw new Error(`${this.#file}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }

  /**
   * Keeps what is in force now. Resolves when it is on disk; rejects when it could not be written, and the next one is
   * whole then.
   * @param change what it differs in from what was kept before; left out: in anything
   */
  keep(table: RoutingTable, change?: SnapshotChange): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ table, change, onKept: resolve, onFailed: reject });
      if (!this.#isWriting) void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(batch);
        for (const one of batch) one.onKept();
      } catch (error) {
        this.#base = undefined;
        for (const one of batch) one.onFailed(error);
      }
    }
    this.#isWriting = false;
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    const base = this.#base;
    const changes = batch.flatMap(({ change }) => change ?? []);
    const isChain = changes.length === batch.length && changes[0]?.fromVersion === this.#keptVersion;
    const last = batch.at(-1)?.table;
    if (last === undefined) return;
    if (base === undefined || base.bytes < smallSnapshotBytes || !isChain) await this.#replace(last);
    else {
      this.#changesBytes += await this.#changes.append(base, changes);
      this.#keptVersion = last.snapshot.version;
      if (this.#changesBytes > maximumChangesBytes) await this.#replace(last);
    }
  }

  /** Replaces the file atomically, in pieces: calls go on in between. */
  async #replace(table: RoutingTable): Promise<void> {
    makeDirectory(dirname(this.#file));
    const temporary = `${this.#file}.new`;
    let bytes: number;
    try {
      bytes = await this.#writeTemporary(temporary, table);
      await rename(temporary, this.#file);
    } catch (error) {
      // On a full disk what was written of it takes the room that calls need for their journal.
      await rm(temporary, { force: true });
      throw error;
    }
    // Were it cut here: the changes name another snapshot in their first line.
    await this.#changes.remove();
    const { version } = table.snapshot;
    this.#base = { version, bytes };
    this.#changesBytes = 0;
    this.#keptVersion = version;
  }

  /** Returns how many bytes it has. */
  async #writeTemporary(file: string, table: RoutingTable): Promise<number> {
    const handle = await open(file, "w", 0o600);
    try {
      await handle.chmod(0o600);
      const bytes = await writePieces(handle, snapshotText(table));
      await handle.sync();
      return bytes;
    } finally {
      await handle.close();
    }
  }

  async #read(): Promise<RoutingTable> {
    const { size } = await stat(this.#file);
    const base = await this.#readBase();
    const kept: ChangesBase = { version: base.snapshot.version, bytes: size };
    const { changes, bytes, isDamaged } = await this.#changes.read(kept);
    const { table, isFitting } = afterChanges(base, changes);
    this.#base = isDamaged || !isFitting ? undefined : kept;
    this.#changesBytes = bytes;
    this.#keptVersion = table.snapshot.version;
    return table;
  }

  async #readBase(): Promise<RoutingTable> {
    const collector = RoutingTable.collector();
    const lines = new SnapshotLines((objects) => collector.add(objects));
    try {
      for await (const chunk of createReadStream(this.#file, { highWaterMark: readBytes })) {
        lines.push(chunk as Buffer);
      }
      return collector.table(lines.end());
    } catch (error) {
      if (error instanceof NotInLines) return this.#readInOnePiece();
      throw error;
    }
  }

  /** One of an older program, or of another format; of a newer one, which is refused with its number. */
  async #readInOnePiece(): Promise<RoutingTable> {
    const validated = validate(upgradeSnapshot(JSON.parse(await readFile(this.#file, "utf8"))));
    if (!validated.ok) throw new Error(validated.error);
    if (validated.value.formatVersion > snapshotFormatVersion) {
      throw new Error(`format ${validated.value.formatVersion} is newer than this program`);
    }
    return RoutingTable.from(validated.value);
  }
}

/** As far as the changes fit: what comes behind one that does not is of no use. */
function afterChanges(base: RoutingTable, changes: readonly SnapshotChange[]) {
  let table = base;
  try {
    for (const change of changes) table = table.changed(change);
  } catch {
    return { table, isFitting: false };
  }
  return { table, isFitting: true };
}

/** Returns how many bytes they were. */
async function writePieces(handle: FileHandle, pieces: Iterable<string>): Promise<number> {
  let bytes = 0;
  for (const piece of pieces) {
    const buffer = Buffer.from(piece);
    await handle.writeFile(buffer);
    bytes += buffer.length;
  }
  return bytes;
}
