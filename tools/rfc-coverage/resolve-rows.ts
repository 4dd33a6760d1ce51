/** Holds every row against the tree: what it cites is there, once. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type CoverageRow, isDeviation, type RuleRow, rfcOf } from "./coverage-row.ts";
import { locateLine } from "./locate-line.ts";
import { hasTestName } from "./test-name.ts";

export interface ResolvedRows {
  /** Line of the cited text, for each row that is a rule and has no fault. */
  readonly lines: ReadonlyMap<RuleRow, number>;
  /** One sentence for each thing that is wrong. */
  readonly faults: readonly string[];
}

/** @param read the text of a file of the tree; undefined: there is none */
export function resolveRows(
  rows: readonly CoverageRow[],
  read: (path: string) => string | undefined,
): ResolvedRows {
  const lines = new Map<RuleRow, number>();
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    const title = `RFC ${rfcOf(row)} §${row.section} "${row.sentence}"`;
    if (seen.has(title)) faults.push(`${title} comes twice`);
    seen.add(title);
    if (isDeviation(row)) continue;
    const found = lineOf(row, read);
    if (typeof found === "string") faults.push(`${title}: ${found}`);
    else lines.set(row, found.line);
    const fault = testFault(row, read);
    if (fault !== undefined) faults.push(`${title}: ${fault}`);
  }
  return { lines, faults };
}

function lineOf(
  row: RuleRow,
  read: (path: string) => string | undefined,
): { readonly line: number } | string {
  if (row.breaks === row.line) return "its break changes nothing";
  const source = read(row.code);
  if (source === undefined) return `there is no ${row.code}`;
  const found = locateLine(source, row.line);
  return typeof found === "string" ? `${row.code} ${found}` : found;
}

function testFault(row: RuleRow, read: (path: string) => string | undefined): string | undefined {
  const source = read(row.test);
  if (source === undefined) return `there is no ${row.test}`;
  return hasTestName(source, row.name) ? undefined : `${row.test} has no test "${row.name}"`;
}

/** Reads files below the root, each once. */
export function fileReader(root: string): (path: string) => string | undefined {
  const texts = new Map<string, string | undefined>();
  return (path) => {
    if (!texts.has(path)) {
      const file = join(root, path);
      texts.set(path, existsSync(file) ? readFileSync(file, "utf8") : undefined);
    }
    return texts.get(path);
  };
}
