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

export const logFileLimits = {
  maximumBytes: 16 * 1024 * 1024,
  tailLines: 20,
  unwrittenBytes: 65_536,
} as const;

export class LogFile {
  readonly path: string;
  readonly #maximumBytes: number;
  #descriptor: number;
  #bytes: number;
  /** The end of what the disk has not taken. */
  #unwritten: Uint8Array = new Uint8Array(0);

  /** Appends to what is there. */
  constructor(path: string, maximumBytes: number = logFileLimits.maximumBytes) {
    this.path = path;
    this.#maximumBytes = maximumBytes;
    this.#descriptor = openSync(path, "a", 0o600);
    this.#bytes = fstatSync(this.#descriptor).size;
  }

  /** A full disk loses log lines and nothing else; the last ones before there is room again are kept. */
  write(chunk: Uint8Array): void {
    const bytes = this.#unwritten.length === 0 ? chunk : Buffer.concat([this.#unwritten, chunk]);
    try {
      if (this.#bytes > 0 && this.#bytes + bytes.length > this.#maximumBytes) this.#rotate();
      appendFileSync(this.#descriptor, bytes);
      this.#bytes += bytes.length;
      this.#unwritten = new Uint8Array(0);
    } catch {
      // Supervision goes on.
      this.#unwritten = bytes.subarray(-logFileLimits.unwrittenBytes);
    }
  }

  /** The last lines, for a person who asks why the program ended: also those that the disk did not take. */
  tail(): string {
    const text = `${this.#written()}${Buffer.from(this.#unwritten).toString("utf8")}`;
    return text.trimEnd().split("\n").slice(-logFileLimits.tailLines).join("\n");
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #written(): string {
    try {
      return readFileSync(this.path, "utf8");
    } catch {
      return "";
    }
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
