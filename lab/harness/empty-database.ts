/** What PGlite makes of an empty directory, kept: making it anew costs three seconds of CPU for each exchange of the lab. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { openDatabase } from "@tandem/database";

const keptIn = join(import.meta.dirname, "..", "..", ".tandem");

/** Makes `directory` an embedded database without any table, unless it exists. Its parent must exist or can be made. */
export async function placeEmptyDatabase(directory: string): Promise<void> {
  if (existsSync(directory)) return;
  const kept = join(keptIn, `empty-database-${pgliteVersion()}`);
  if (!existsSync(kept)) await make(kept);
  mkdirSync(dirname(directory), { recursive: true });
  cpSync(kept, directory, { recursive: true });
}

/** Test processes may make it at a time: each makes its own, and the first one's is kept. */
async function make(kept: string): Promise<void> {
  mkdirSync(keptIn, { recursive: true });
  const own = mkdtempSync(`${kept}-`);
  try {
    const dataDirectory = join(own, "database");
    const database = await openDatabase({ kind: "embedded", dataDirectory });
    await database.close();
    renameSync(dataDirectory, kept);
  } catch (error) {
    if (!existsSync(kept)) throw error;
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

/** Another one may lay out its files in another way. */
function pgliteVersion(): string {
  const entry = createRequire(import.meta.resolve("@tandem/database")).resolve("@electric-sql/pglite");
  const { version } = JSON.parse(readFileSync(join(dirname(entry), "..", "package.json"), "utf8")) as {
    version: string;
  };
  return version;
}
