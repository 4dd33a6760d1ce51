/**
 * Every module a TypeScript file names: imports, exports, type imports, `import()`, `require()` and `new URL()` of a
 * file (a worker). By pattern and not by parser: Biome formats every file, so a statement starts its own line. What
 * the patterns find too much, a reader sees; nothing is passed over.
 */
const patterns: readonly RegExp[] = [
  /^[ \t]*(?:import|export)\b(?:[^"';]*?\bfrom)?\s*["']([^"']+)["']/gm,
  /\bimport\s*\(\s*(?:\/\*.*?\*\/\s*)?["'`]([^"'`]+)["'`]/g,
  /\brequire(?:\.resolve)?\s*\(\s*["'`]([^"'`]+)["'`]/g,
  /\bimport\.meta\.resolve\s*\(\s*["'`]([^"'`]+)["'`]/g,
  /\bnew URL\(\s*["'`](\.{1,2}\/[^"'`]+\.[cm]?[jt]s)["'`]/g,
];

export function importSpecifiers(source: string): readonly string[] {
  const found = new Set<string>();
  for (const pattern of patterns) {
    for (const match of source.matchAll(pattern)) {
      if (match[1] !== undefined) found.add(match[1]);
    }
  }
  return [...found];
}
