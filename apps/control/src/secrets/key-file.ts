/** The file with the encryption key: 64 hex digits and a line end, readable by its owner only. */
import { randomBytes } from "node:crypto";
import { open, readFile, stat } from "node:fs/promises";
import { keyBytes } from "./secret-box.ts";

export class KeyFileError extends Error {
  override readonly name = "KeyFileError";
}

/** Reads the key; makes the file, mode 0600, if there is none and `mayCreate`. Throws a `KeyFileError`. */
export async function readKeyFile(path: string, mayCreate: boolean): Promise<Buffer> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new KeyFileError(`the key file ${path} cannot be read: ${error.message}`, { cause: error });
  });
  if (text === undefined) {
    if (mayCreate) return createKeyFile(path);
    throw new KeyFileError(
      `the key file ${path} is missing: without it the secrets in the database cannot be read`,
    );
  }
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) {
    throw new KeyFileError(
      `the key file ${path} may be read by others (mode ${modeText(mode)}): chmod 600 it`,
    );
  }
  if (!/^[0-9a-f]{64}\n?$/.test(text))
    throw new KeyFileError(`the key file ${path} does not hold 64 hex digits`);
  return Buffer.from(text.trimEnd(), "hex");
}

/** On disk before anything is encrypted with it. Fails if somebody else makes the file at the same time. */
async function createKeyFile(path: string): Promise<Buffer> {
  const key = randomBytes(keyBytes);
  const file = await open(path, "wx", 0o600).catch((error: unknown) => {
    throw new KeyFileError(`the key file ${path} cannot be made: ${String(error)}`, { cause: error });
  });
  try {
    await file.writeFile(`${key.toString("hex")}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return key;
}

function modeText(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, "0");
}
