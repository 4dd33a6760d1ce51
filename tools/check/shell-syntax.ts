/** Syntax of every shell script, by the shells at hand. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { TextFile } from "./repository-files.ts";

export function isShellScript(file: TextFile): boolean {
  return /^#!\/(?:usr\/)?bin\/(?:env )?(?:sh|dash)\b/.test(file.text);
}

/** Runs `sh -n` (and `dash -n` where there is one: stricter than a bash that plays sh). */
export function checkShellSyntax(root: string, files: readonly TextFile[]): readonly string[] {
  const faults: string[] = [];
  for (const file of files) {
    if (/^#!.*\bbash\b/.test(file.text)) faults.push(`${file.path}: scripts are POSIX sh`);
    if (!isShellScript(file)) continue;
    for (const shell of ["sh", "dash"]) {
      const result = spawnSync(shell, ["-n", join(root, file.path)], { encoding: "utf8" });
      if (result.error !== undefined) continue;
      if (result.status !== 0) faults.push(`${file.path}: ${shell} -n: ${result.stderr.trim()}`);
    }
  }
  return faults;
}
