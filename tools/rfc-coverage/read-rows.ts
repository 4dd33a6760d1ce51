/** All rows of the coverage: every file in `rows/` exports its own. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type CoverageRow, rfcOf } from "./coverage-row.ts";

const folder = join(import.meta.dirname, "rows");

/** In the order of RFC and section; rows of one section as they stand in their file. */
export async function readRows(): Promise<readonly CoverageRow[]> {
  const all: CoverageRow[] = [];
  for (const file of readdirSync(folder).toSorted()) {
    if (!file.endsWith(".ts")) continue;
    const { rows }: { rows: readonly CoverageRow[] } = await import(pathToFileURL(join(folder, file)).href);
    all.push(...rows);
  }
  return all.toSorted((a, b) => rfcOrder(a) - rfcOrder(b) || compareSections(a.section, b.section));
}

/** The main specification first, the others by number behind it. */
function rfcOrder(row: CoverageRow): number {
  return row.rfc === undefined ? 0 : rfcOf(row);
}

/** "17.1.1.2" before "17.1.10", 9 before 17. Old RFCs have sections without numbers; those go by the alphabet. */
export function compareSections(a: string, b: string): number {
  if (!isNumbered(a) || !isNumbered(b)) return a.localeCompare(b);
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? -1) - (right[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function isNumbered(section: string): boolean {
  return /^\d/.test(section);
}
