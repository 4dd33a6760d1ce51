/** The files of the repository as a commit would hold them: tracked and untracked, without what git ignores. */
import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Paths relative to the root, with `/`, sorted. Symbolic links and files deleted but still tracked are left out. */
export function repositoryFiles(root: string): readonly string[] {
  return (gitFiles(root) ?? walk(root, "")).filter((path) => isPlainFile(join(root, path))).sort();
}

/** A source archive has no `.git`, and git may be missing. */
function gitFiles(root: string): string[] | undefined {
  if (!existsSync(join(root, ".git"))) return undefined;
  try {
    const output = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      stdio: ["ignore", "pipe", "ignore"],
    });
    return [...new Set(output.split("\0").filter((path) => path !== ""))];
  } catch {
    return undefined;
  }
}

const ignoredFolders = new Set(["node_modules", ".git", ".tandem", "coverage", "tmp"]);

function walk(root: string, folder: string): string[] {
  const paths: string[] = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory() && !ignoredFolders.has(entry.name)) paths.push(...walk(root, path));
    if (entry.isFile() && !entry.name.endsWith(".log")) paths.push(path);
  }
  return paths;
}

function isPlainFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** Every file without a NUL byte, as text. Bytes that are no UTF-8 become U+FFFD, which harms no check. */
export function textFiles(root: string, paths: readonly string[]): readonly TextFile[] {
  const files: TextFile[] = [];
  for (const path of paths) {
    const bytes = readFileSync(join(root, path));
    if (!bytes.includes(0)) files.push({ path, text: bytes.toString("utf8") });
  }
  return files;
}
