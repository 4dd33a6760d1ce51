import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, readlink, rename, rm, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { makeDirectory } from "@tandem/directories";
import type { CertificatePair } from "./renewal-time.ts";

/** Versions of a certificate that are kept, the one in use included. */
export const keptVersions = 3;

/**
 * Certificates on the disk: `NAME/certificate.pem` and `NAME/key.pem`. `NAME` is a link to a version of both, which is
 * replaced in one step: whoever opens the files, and whenever the machine dies, finds a pair that fits together.
 */
export class CertificateStore {
  readonly #directory: string;
  readonly #versions: string;

  constructor(directory: string) {
    this.#directory = directory;
    this.#versions = join(directory, "versions");
  }

  /** Undefined: there is none. Rejects when it can't be read. */
  async read(name: string): Promise<CertificatePair | undefined> {
    try {
      const at = (file: string): Promise<string> => readFile(join(this.#directory, name, file), "utf8");
      return { certificate: await at("certificate.pem"), key: await at("key.pem") };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Puts a pair in the place of the one there is. Files have mode 0600, directories 0700. */
  async write(name: string, pair: CertificatePair, nowMs: number): Promise<void> {
    const stamp = new Date(nowMs).toISOString().replace(/[^0-9]/g, "");
    const version = `${name}.${stamp}-${randomBytes(3).toString("hex")}`;
    const directory = join(this.#versions, version);
    makeDirectory(this.#versions);
    await mkdir(directory, { mode: 0o700 });
    await writePrivate(join(directory, "key.pem"), pair.key);
    await writePrivate(join(directory, "certificate.pem"), pair.certificate);
    await syncDirectory(directory);
    const next = join(this.#directory, `.${version}`);
    await symlink(join("versions", version), next);
    await rename(next, join(this.#directory, name));
    await syncDirectory(this.#directory);
    await this.#forget(name);
  }

  /** Old versions, the oldest first; never the one in use. */
  async #forget(name: string): Promise<void> {
    const used = basename(await readlink(join(this.#directory, name)));
    const versions = (await readdir(this.#versions)).filter((one) => one.startsWith(`${name}.`)).sort();
    const unused = versions.filter((one) => one !== used);
    for (const one of unused.slice(0, Math.max(0, versions.length - keptVersions))) {
      await rm(join(this.#versions, one), { recursive: true });
    }
  }
}

/** A file that only its owner can read, on the disk when this resolves. */
export async function writePrivate(path: string, text: string): Promise<void> {
  const handle = await open(path, "wx", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
