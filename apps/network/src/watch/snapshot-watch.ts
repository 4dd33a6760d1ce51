import { type FSWatcher, statSync, watch } from "node:fs";
import { join } from "node:path";
import type { Clock, Timer } from "@tandem/clock";
import { changesFileName, snapshotFileName } from "../snapshot-on-disk.ts";

/** Should an event get lost, or the directory not be there yet. */
export const snapshotPollMs = 1000;

/** Tells when the gateway has replaced its snapshot file, or written a change behind it. */
export class SnapshotWatch {
  readonly #clock: Clock;
  readonly #directory: string;
  readonly #onChanged: () => void;
  #watcher: FSWatcher | undefined;
  #timer: Timer | undefined;
  #seen: string | undefined;
  #isClosed = false;

  constructor(clock: Clock, directory: string, onChanged: () => void) {
    this.#clock = clock;
    this.#directory = directory;
    this.#onChanged = onChanged;
  }

  /** Tells at once when there is a file already. */
  start(): void {
    if (this.#isClosed) return;
    this.#watcher ??= this.#watchDirectory();
    this.#look();
    this.#timer = this.#clock.schedule(snapshotPollMs, () => this.start(), undefined);
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#watcher?.close();
  }

  /** The file is replaced by renaming, so the directory is what is watched. */
  #watchDirectory(): FSWatcher | undefined {
    try {
      const watcher = watch(this.#directory, { persistent: false }, (_event, name) => {
        if (name === null || name === snapshotFileName || name === changesFileName) this.#look();
      });
      watcher.on("error", () => {
        watcher.close();
        this.#watcher = undefined;
      });
      return watcher;
    } catch {
      return undefined;
    }
  }

  #look(): void {
    const snapshot = fingerprint(join(this.#directory, snapshotFileName));
    const changes = fingerprint(join(this.#directory, changesFileName));
    const now = snapshot && `${snapshot} ${changes ?? ""}`;
    if (now === this.#seen) return;
    this.#seen = now;
    this.#onChanged();
  }
}

function fingerprint(file: string): string | undefined {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? undefined : `${stat.ino} ${stat.mtimeNs} ${stat.size}`;
}
