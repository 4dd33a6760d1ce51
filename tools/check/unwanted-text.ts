/** Words that mean something only on one machine or in one tracker, and work that is not finished. */
import type { TextFile } from "./repository-files.ts";

const rules: readonly { what: string; pattern: RegExp; paths?: RegExp }[] = [
  { what: "path of one machine", pattern: /(?<![\w.*-])\/(?:work|farm|root|Users\/\w+|home\/\w+)\/[\w.-]/g },
  { what: "path of one machine", pattern: /\/tmp\/bash_jobs/g },
  { what: "issue number", pattern: /(?<![\w&/#])#\d{1,5}\b(?![-\w])/g, paths: /\.(?:ts|md|sh)$|^tandem$/ },
  {
    what: "issue number",
    pattern: /\b(?:issue|ticket|pull request|PR) #?\d+\b/gi,
    paths: /\.(?:ts|md|sh)$|^tandem$/,
  },
  {
    what: "unfinished work",
    pattern: /\b(?:TO(?:DO)|FIX(?:ME)|X{3})\b(?!-)/g,
    paths: /\.(?:ts|sh)$|^tandem$/,
  },
  {
    what: "test that does not run",
    pattern: /\b(?:test|it|describe|suite)\.(?:only|todo)\(/g,
    paths: /\.ts$/,
  },
];

/** Findings as `path:line: what: text`. */
export function findUnwantedText(files: readonly TextFile[]): readonly string[] {
  const findings: string[] = [];
  for (const { path, text } of files) {
    if (path === "package-lock.json" || /(?:^|\/)(?:testdata|fixtures)\//.test(path)) continue;
    for (const { what, pattern, paths } of rules) {
      if (paths !== undefined && !paths.test(path)) continue;
      for (const match of text.matchAll(pattern)) {
        const line = text.slice(0, match.index).split("\n").length;
        findings.push(`${path}:${line}: ${what}: ${match[0]}`);
      }
    }
  }
  return findings;
}
