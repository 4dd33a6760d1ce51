import { type FileHandle, open, stat } from "node:fs/promises";
import type { TlsPart } from "./tls-parts.ts";

/** A larger file is no PEM of ours, and is not read. */
export const maximumPemFileBytes: number = 4 * 1024 * 1024;

/** The texts that a part serves with, and what its files look like now. */
export class TlsPartFiles {
  readonly part: TlsPart;
  /** The last that were good; empty before the first. */
  texts: readonly string[] = [];
  /** Why the files as they are now do not count; undefined: they do. */
  fault: string | undefined;
  /** Clock's time since when there is a fault. */
  faultSinceMs = 0;
  #seen = "";

  constructor(part: TlsPart) {
    this.part = part;
  }

  /**
   * Reads the files when they have changed since, or always. A fault is looked at again every time: the other file of a
   * pair may follow within what the file system calls one moment.
   * @returns whether `texts` are new; they never are while there is a fault
   */
  async refresh(isForced: boolean, nowMs: number): Promise<boolean> {
    // Before reading: what is written meanwhile looks like a change the next time.
    const identity = await identityOf(this.part.files);
    if (identity === this.#seen && !isForced && this.fault === undefined) return false;
    this.#seen = identity;
    let texts: readonly string[];
    try {
      texts = await Promise.all(this.part.files.map(readPem));
    } catch (error) {
      this.#setFault(error instanceof Error ? error.message : String(error), nowMs);
      return false;
    }
    const fault = this.part.faultOf(texts);
    this.#setFault(fault, nowMs);
    if (fault !== undefined || texts.every((text, index) => text === this.texts[index])) return false;
    this.texts = texts;
    return true;
  }

  #setFault(fault: string | undefined, nowMs: number): void {
    if (this.fault === undefined) this.faultSinceMs = nowMs;
    this.fault = fault;
  }
}

async function identityOf(files: readonly string[]): Promise<string> {
  const found = await Promise.all(files.map((file) => stat(file, { bigint: true }).catch(() => undefined)));
  return found.map((one) => (one === undefined ? "-" : `${one.ino} ${one.mtimeNs} ${one.size}`)).join("|");
}

/** @throws Error when it can't be read or is too large */
async function readPem(file: string): Promise<string> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, "r");
    const { size } = await handle.stat();
    if (size > maximumPemFileBytes) throw new Error(`${file}: ${size} bytes are too many`);
    return await handle.readFile("utf8");
  } finally {
    await handle?.close();
  }
}
