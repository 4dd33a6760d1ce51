/** The output of a program in a file of bounded size: the full file becomes `.1`, the one before is dropped. */
import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
} from "node:fs";

export const logFileLimits = { maximumBytes: 16 * 1024 * 1024, tailLines: 20 } as const;

export class LogFile {
  readonly path: string;
  readonly #maximumBytes: number;
  #descriptor: number;
  #bytes: number;

  /** Appends to what is there. */
  constructor(path: string, maximumBytes: number = logFileLimits.maximumBytes) {
    this.path = path;
    this.#maximumBytes = maximumBytes;
    this.#descriptor = openSync(path, "a", 0o600);
    this.#bytes = fstatSync(this.#descriptor).size;
  }

  /** A full disk loses log lines and nothing else. */
  write(chunk: Uint8Array): void {
    try {
      if (this.#bytes > 0 && this.#bytes + chunk.length > this.#maximumBytes) this.#rotate();
      appendFileSync(this.#descriptor, chunk);
      this.#bytes += chunk.length;
    } catch {
      // Supervision goes on.
    }
  }

  /** The last lines, for a person who asks why the program ended. */
  tail(): string {
    try {
      return readFileSync(this.path, "utf8").trimEnd().split("\n").slice(-logFileLimits.tailLines).join("\n");
    } catch {
      return "";
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** What fails here is tried again at the next write: until the new file is open, the old descriptor is ours, and nobody else's. */
  #rotate(): void {
    if (existsSync(this.path)) renameSync(this.path, `${this.path}.1`);
    const descriptor = openSync(this.path, "a", 0o600);
    closeSync(this.#descriptor);
    this.#descriptor = descriptor;
    this.#bytes = 0;
  }
}
