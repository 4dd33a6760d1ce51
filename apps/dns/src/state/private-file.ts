import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { makeDirectory } from "@tandem/directories";

/** A small file that only its owner can read, replaced in one step: a reader sees the old text or the new one. */
export class PrivateFile {
  readonly path: string;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
  }

  /** Undefined: there is none. Rejects when it cannot be read. */
  async read(): Promise<string | undefined> {
    try {
      return await readFile(this.path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Writes go one after the other; each resolves when its text is on the disk. */
  write(text: string): Promise<void> {
    this.#writing = this.#writing.catch(() => undefined).then(() => this.#replace(text));
    return this.#writing;
  }

  async #replace(text: string): Promise<void> {
    makeDirectory(dirname(this.path));
    const temporary = `${this.path}.new`;
    const handle = await open(temporary, "w", 0o600);
    try {
      await handle.chmod(0o600);
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, this.path);
  }
}
