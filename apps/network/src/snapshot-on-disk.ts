import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Snapshot, snapshotFormatVersion, upgradeSnapshot, validator } from "@tandem/contracts";

const validate = validator(Snapshot);
export const snapshotFileName = "snapshot.json";

/** The snapshot that the gateway keeps. Undefined: there is none yet. @throws Error that names the file */
export async function readSnapshotOnDisk(stateDirectory: string): Promise<Snapshot | undefined> {
  const file = join(stateDirectory, snapshotFileName);
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const validated = validate(upgradeSnapshot(content));
  if (!validated.ok) throw new Error(`${file}: ${validated.error}`);
  if (validated.value.formatVersion > snapshotFormatVersion) {
    throw new Error(`${file}: format ${validated.value.formatVersion} is newer than this program`);
  }
  return validated.value;
}
