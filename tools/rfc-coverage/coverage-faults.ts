/** What is wrong with the table of the RFCs' sentences and its page; the gate, the command and the test ask the same. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { coveragePage, writeCommand } from "./coverage-page.ts";
import type { CoverageRow } from "./coverage-row.ts";
import { fileReader, resolveRows } from "./resolve-rows.ts";

/** Relative to the root. */
export const pagePath = "docs/rfc-coverage.md";

/** Rows that cite what is not there; then, when there is none of those, a page that is not as the rows have it. */
export function coverageFaults(root: string, rows: readonly CoverageRow[]): readonly string[] {
  const { lines, faults } = resolveRows(rows, fileReader(root));
  if (faults.length > 0) return faults;
  const file = join(root, pagePath);
  const page = existsSync(file) ? readFileSync(file, "utf8") : "";
  return page === coveragePage(rows, lines) ? [] : [`${pagePath} is out of date: ${writeCommand}`];
}
