import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  changedSnapshot,
  Snapshot,
  SnapshotChange,
  snapshotFormatVersion,
  upgradeSnapshot,
  validator,
} from "@tandem/contracts";

const validate = validator(Snapshot);
const validateChange = validator(SnapshotChange);
export const snapshotFileName = "snapshot.json";
/** What came after it; the gateway writes it for large snapshots. */
export const changesFileName = "snapshot.changes";

/** The snapshot that the gateway keeps. Undefined: there is none yet. @throws Error that names the file */
export async function readSnapshotOnDisk(stateDirectory: string): Promise<Snapshot | undefined> {
  const file = join(stateDirectory, snapshotFileName);
  const bytes = await readIfThere(file);
  if (bytes === undefined) return undefined;
  let content: unknown;
  try {
    content = JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const validated = validate(upgradeSnapshot(content));
  if (!validated.ok) throw new Error(`${file}: ${validated.error}`);
  if (validated.value.formatVersion > snapshotFormatVersion) {
    throw new Error(`${file}: format ${validated.value.formatVersion} is newer than this program`);
  }
  const changes = (await readIfThere(join(stateDirectory, changesFileName)))?.toString("utf8") ?? "";
  return afterChanges(validated.value, bytes.length, changes);
}

/** Changes of that file, as far as one leads to the next: a line that was cut off ends them. */
function afterChanges(base: Snapshot, baseBytes: number, text: string): Snapshot {
  const [header, ...lines] = text.split("\n").slice(0, -1);
  if (header !== JSON.stringify({ snapshotVersion: base.version, snapshotBytes: baseBytes })) return base;
  let snapshot = base;
  for (const line of lines) {
    const change = changeOf(line);
    if (change?.fromVersion !== snapshot.version) break;
    snapshot = changedSnapshot(snapshot, change);
  }
  return snapshot;
}

function changeOf(line: string): SnapshotChange | undefined {
  try {
    const checked = validateChange(JSON.parse(line));
    return checked.ok ? checked.value : undefined;
  } catch {
    return undefined;
  }
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
