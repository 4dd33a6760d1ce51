import { generateKeyPairSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeDirectory } from "@tandem/directories";
import { writePrivate } from "./certificate-store.ts";

/** The key by which the authority knows us, made at the first start. PEM. */
export async function accountKey(directory: string): Promise<string> {
  makeDirectory(directory);
  const file = join(directory, "account-key.pem");
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = String(privateKey.export({ type: "pkcs8", format: "pem" }));
  await writePrivate(file, pem);
  return pem;
}
