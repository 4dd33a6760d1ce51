import { open, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { type NetworkState, networkStateFileName } from "@tandem/contracts";

/**
 * `network-state.json` in the gateway's state directory. The directory belongs to the gateway's user and we are root: the
 * new file is made with O_EXCL, so that no link planted there leads our writing elsewhere, and renamed, which follows none.
 */
export class StateFile {
  readonly #file: string;
  #writing: Promise<void> = Promise.resolve();

  constructor(stateDirectory: string) {
    this.#file = join(stateDirectory, networkStateFileName);
  }

  /** Replaces the file atomically, one after the other. Rejects when it could not; the next one is tried all the same. */
  write(state: NetworkState): Promise<void> {
    this.#writing = this.#writing.catch(() => {}).then(() => this.#replace(JSON.stringify(state)));
    return this.#writing;
  }

  async #replace(text: string): Promise<void> {
    const temporary = `${this.#file}.new`;
    await unlink(temporary).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
    // No secret in it, and the gateway, which is another user, is to read it. Not synced: after a crash it is out of date.
    const handle = await open(temporary, "wx", 0o644);
    try {
      await handle.chmod(0o644);
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
    await rename(temporary, this.#file);
  }
}
