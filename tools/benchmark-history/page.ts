import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { historySection } from "./history.ts";

const begin = "<!-- history:begin -->\n";
const end = "\n<!-- history:end -->";

/** The page with its charts as the recorded results have them. @throws Error when a mark is missing */
export function pageWithHistory(root: string): string {
  const page = readFileSync(pagePath(root), "utf8");
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from === -1 || to < from)
    throw new Error(`benchmarks/README.md has no ${begin.trim()} or ${end.trim()}`);
  return `${page.slice(0, from + begin.length)}${historySection(root)}${page.slice(to)}`;
}

export function writePage(root: string): void {
  writeFileSync(pagePath(root), pageWithHistory(root));
}

export function pagePath(root: string): string {
  return join(root, "benchmarks", "README.md");
}
