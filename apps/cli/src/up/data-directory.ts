/** The directory of one `up`: database, keys, snapshot, journal, outbox, logs. Private to its owner. */
import { randomBytes } from "node:crypto";
import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory } from "@tandem/directories";
import { CliError } from "../cli-error.ts";
import { DirectoryLock } from "./directory-lock.ts";
import { LogFile } from "./log-file.ts";

export class DataDirectory {
  readonly path: string;
  /** Held while this process runs Tandem in here. */
  #lock: DirectoryLock | undefined;

  /** Makes the directory with mode 0700. Throws CliError where that cannot be. */
  constructor(path: string) {
    this.path = path;
    this.#make(path);
    this.#attempt(() => chmodSync(path, 0o700));
    this.#make(join(path, "log"));
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Takes the directory for this process, until it ends or unlocks. Throws CliError while another `up` runs in it. */
  lock(pid: number): void {
    const lock = this.#attempt(() => DirectoryLock.take(this.file("up.lock")));
    if (lock === undefined) {
      const owner = this.#read("up.pid")?.trim() ?? "(unknown)";
      throw new CliError(
        `process ${owner} is running Tandem in ${this.path}: stop it, or choose another --data`,
      );
    }
    this.#lock = lock;
    // For people and scripts that want to end it. It may be stale, so nobody decides by it.
    this.writePrivate("up.pid", `${pid}\n`);
  }

  unlock(): void {
    rmSync(this.file("up.pid"), { force: true });
    this.#lock?.release();
    this.#lock = undefined;
  }

  /** The text of a secret file, made at its first use: 64 hex digits. */
  secret(name: string): string {
    const kept = this.#read(name)?.trim();
    if (kept !== undefined && /^[0-9a-f]{64}$/.test(kept)) return kept;
    const made = randomBytes(32).toString("hex");
    this.writePrivate(name, `${made}\n`);
    return made;
  }

  /** Replaces the file in one step: a reader sees the old or the new text. Mode 0600. Throws CliError where that cannot be. */
  writePrivate(name: string, text: string): void {
    const path = this.file(name);
    this.#attempt(() => {
      writeFileSync(`${path}.new`, text, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    });
  }

  /** Where a program of this name writes to. Throws CliError where that cannot be. */
  logFile(name: string): LogFile {
    return this.#attempt(() => new LogFile(this.file(join("log", `${name}.log`))));
  }

  #make(path: string): void {
    try {
      makeDirectory(path);
    } catch (error) {
      throw new CliError(error instanceof Error ? error.message : String(error));
    }
  }

  /** Throws CliError, with the directory and what the system says, in place of what `action` throws. */
  #attempt<Result>(action: () => Result): Result {
    try {
      return action();
    } catch (error) {
      throw new CliError(
        `cannot use ${this.path}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  #read(name: string): string | undefined {
    try {
      return readFileSync(this.file(name), "utf8");
    } catch {
      return undefined;
    }
  }
}
