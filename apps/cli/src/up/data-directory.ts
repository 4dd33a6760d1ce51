/** The directory of one `up`: database, keys, snapshot, journal, outbox, logs. Private to its owner. */
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CliError } from "../cli-error.ts";

export class DataDirectory {
  readonly path: string;

  /** Makes the directory with mode 0700. Throws CliError where that cannot be. */
  constructor(path: string) {
    this.path = path;
    try {
      mkdirSync(path, { recursive: true, mode: 0o700 });
      chmodSync(path, 0o700);
      mkdirSync(join(path, "log"), { recursive: true });
    } catch (error) {
      throw new CliError(`cannot use ${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Takes the directory for this process. Throws CliError while another `up` runs in it; a dead one's is taken over. */
  lock(pid: number): void {
    const owner = Number(this.#read("up.pid") ?? Number.NaN);
    if (owner !== pid && isAlive(owner)) {
      throw new CliError(
        `process ${owner} is running Tandem in ${this.path}: stop it, or choose another --data`,
      );
    }
    this.writePrivate("up.pid", `${pid}\n`);
  }

  unlock(): void {
    rmSync(this.file("up.pid"), { force: true });
  }

  /** The text of a secret file, made at its first use: 64 hex digits. */
  secret(name: string): string {
    const kept = this.#read(name)?.trim();
    if (kept !== undefined && /^[0-9a-f]{64}$/.test(kept)) return kept;
    const made = randomBytes(32).toString("hex");
    this.writePrivate(name, `${made}\n`);
    return made;
  }

  /** Replaces the file in one step: a reader sees the old or the new text. Mode 0600. */
  writePrivate(name: string, text: string): void {
    const path = this.file(name);
    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }

  #read(name: string): string | undefined {
    try {
      return readFileSync(this.file(name), "utf8");
    } catch {
      return undefined;
    }
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process answers EPERM: it lives.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
