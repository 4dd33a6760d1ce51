import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Snapshot, snapshotFormatVersion, upgradeSnapshot, validator } from "@tandem/contracts";

const validate = validator(Snapshot);

/** The last snapshot on disk: a gateway starts and routes by it when control is away. Mode 0600: it holds secrets. */
export class SnapshotFile {
  readonly #file: string;
  #writing: Promise<void> = Promise.resolve();

  constructor(stateDirectory: string) {
    this.#file = join(stateDirectory, "snapshot.json");
  }

  /** Undefined when there is none. @throws Error when there is one that can't be used */
  async read(): Promise<Snapshot | undefined> {
    let text: string;
    try {
      text = await readFile(this.#file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    const validated = validate(upgradeSnapshot(JSON.parse(text)));
    if (!validated.ok) throw new Error(`${this.#file}: ${validated.error}`);
    if (validated.value.formatVersion > snapshotFormatVersion) {
      throw new Error(`${this.#file}: format ${validated.value.formatVersion} is newer than this program`);
    }
    return validated.value;
  }

  /** Replaces the file atomically. Writes one after the other. */
  write(snapshot: Snapshot): Promise<void> {
    this.#writing = this.#writing.catch(() => {}).then(() => this.#replace(snapshot));
    return this.#writing;
  }

  async #replace(snapshot: Snapshot): Promise<void> {
    await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
    const temporary = `${this.#file}.new`;
    const handle = await open(temporary, "w", 0o600);
    try {
      await handle.chmod(0o600);
      await handle.writeFile(JSON.stringify(snapshot));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, this.#file);
  }
}
