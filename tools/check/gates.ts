/** The gates of the house: `./tandem check` runs them all, and so does `./tandem test`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { coverageFaults } from "../rfc-coverage/coverage-faults.ts";
import { readRows } from "../rfc-coverage/read-rows.ts";
import { checkFileLimits } from "./file-limits.ts";
import { findingGate, type Gate, toolGate } from "./gate.ts";
import { parseImportTable } from "./import-table.ts";
import { checkLayers, checkManifests } from "./layers.ts";
import { repositoryFiles, textFiles } from "./repository-files.ts";
import { findSecrets } from "./secrets.ts";
import { checkShellSyntax } from "./shell-syntax.ts";
import { findUnwantedText } from "./unwanted-text.ts";

/** In the order in which they start: the slow tools first. */
export function houseGates(root: string): readonly Gate[] {
  const files = textFiles(root, repositoryFiles(root));
  const tool = (name: string, about: string, script: string, ...args: string[]): Gate =>
    toolGate(name, about, root, [process.execPath, join(root, "node_modules", script), ...args]);
  // What was found right is not looked at again until it, or what it uses, changes.
  const types = (name: string, about: string, project: string): Gate => {
    const found = join(root, ".tandem", `${name}.tsbuildinfo`);
    const args = ["-p", project, "--incremental", "--tsBuildInfoFile", found];
    return tool(name, about, "typescript/bin/tsc", ...args);
  };
  return [
    tool("lint", "oxlint with types", "oxlint/bin/oxlint", "--type-aware", "--quiet"),
    types("types", "TypeScript", "."),
    types("console-types", "TypeScript of the console, which runs in browsers", join("apps", "console")),
    tool(
      "dead-code",
      "unused files, exports and dependencies",
      "knip/bin/knip.js",
      "--no-progress",
      "--no-config-hints",
    ),
    tool(
      "format",
      "layout, order of imports, undeclared dependencies",
      "@biomejs/biome/bin/biome",
      "check",
      "--error-on-warnings",
      ".",
    ),
    findingGate("layers", "imports against the table in ARCHITECTURE.md", () => {
      const table = parseImportTable(readFileSync(join(root, "ARCHITECTURE.md"), "utf8"));
      return [...checkLayers(files, table), ...checkManifests(files, table)];
    }),
    findingGate("secrets", "credentials in files", () => findSecrets(files)),
    findingGate("file-limits", "size, names and white space of files", () => checkFileLimits(files)),
    findingGate("text", "machine paths, issue numbers, unfinished work", () => findUnwantedText(files)),
    findingGate("rfc-coverage", "docs/rfc-coverage.md against the lines and tests that it cites", async () =>
      coverageFaults(root, await readRows()),
    ),
    findingGate("shell", "syntax of shell scripts", () => checkShellSyntax(root, files)),
  ];
}
