/** `./tandem coverage [--write]`: says whether docs/rfc-coverage.md is as the rows have it, or writes it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { coverageFaults, pagePath } from "./coverage-faults.ts";
import { coveragePage } from "./coverage-page.ts";
import { readRows } from "./read-rows.ts";
import { fileReader, resolveRows } from "./resolve-rows.ts";

const root = join(import.meta.dirname, "..", "..");
const rows = await readRows();
const { lines, faults } = resolveRows(rows, fileReader(root));
if (process.argv.includes("--write") && faults.length === 0) {
  writeFileSync(join(root, pagePath), coveragePage(rows, lines));
}
const remaining = coverageFaults(root, rows);
for (const fault of remaining) console.error(fault);
process.exitCode = remaining.length === 0 ? 0 : 1;
