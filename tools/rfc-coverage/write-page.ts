/** `./tandem coverage [--write]`: says whether docs/rfc-coverage.md is as the rows have it, or writes it. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { coveragePage, writeCommand } from "./coverage-page.ts";
import { readRows } from "./read-rows.ts";
import { fileReader, resolveRows } from "./resolve-rows.ts";

const root = join(import.meta.dirname, "..", "..");
const file = join(root, "docs", "rfc-coverage.md");

const rows = await readRows();
const { lines, faults } = resolveRows(rows, fileReader(root));
if (faults.length > 0) {
  console.error(faults.join("\n"));
  process.exitCode = 1;
} else if (process.argv.includes("--write")) writeFileSync(file, coveragePage(rows, lines));
else if (readFileSync(file, "utf8") !== coveragePage(rows, lines)) {
  console.error(`docs/rfc-coverage.md is out of date: ${writeCommand}`);
  process.exitCode = 1;
}
