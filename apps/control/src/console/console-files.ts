/** What the console consists of: the files of its folder and of the npm packages that its import map names. */
import { readdirSync, readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { importMapOf, packagesOf } from "./import-map.ts";

/** The console that comes with the program. */
export const shippedConsoleDirectory: string = fileURLToPath(
  new URL("../../../../apps/console", import.meta.url),
);

export interface ConsoleFiles {
  /** Text of the import map in `index.html`, which the content security policy has to allow. */
  readonly importMap: string;
  /** Path below `/console/` to the file. There is nothing else: what is not in it is not served. */
  readonly files: ReadonlyMap<string, string>;
}

/** The console cannot be served; the message names its directory. */
export class ConsoleFilesError extends Error {
  override readonly name = "ConsoleFilesError";
}

const page = "index.html";
const ownFiles = [page, "icon.svg"] as const;
/** Builds of the packages for other uses than the browser's. */
const skippedFolders: ReadonlySet<string> = new Set(["development", "node", "node_modules"]);

/** Lists the files; none of their contents but the page's is read yet. Throws a `ConsoleFilesError`. */
export function readConsoleFiles(directory: string): ConsoleFiles {
  try {
    const importMap = importMapOf(readFileSync(join(directory, page), "utf8"));
    const files = new Map<string, string>(ownFiles.map((name) => [name, join(directory, name)]));
    addFolder(files, "style", join(directory, "style"), (file) => file.endsWith(".css"));
    addFolder(files, "src", join(directory, "src"), isModule);
    let from = join(directory, "package.json");
    for (const name of packagesOf(importMap)) {
      const manifest = findPackageJSON(name, from);
      if (manifest === undefined) throw new Error(`the package ${name} is not installed`);
      addFolder(files, `vendor/${name}`, dirname(manifest), (file) => file.endsWith(".js"));
      // The first one is the console's own dependency; the others are what that one depends on.
      from = from.startsWith(directory) ? manifest : from;
    }
    return { importMap, files };
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new ConsoleFilesError(`cannot serve the console in ${directory}: ${text}`, { cause });
  }
}

function isModule(file: string): boolean {
  return file.endsWith(".ts") && !file.endsWith(".test.ts");
}

function addFolder(
  files: Map<string, string>,
  prefix: string,
  folder: string,
  isWanted: (file: string) => boolean,
): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = relative(folder, join(entry.parentPath, entry.name)).split(sep);
    if (!entry.isFile() || !isWanted(entry.name) || path.some((part) => skippedFolders.has(part))) continue;
    files.set(`${prefix}/${path.join("/")}`, join(folder, ...path));
  }
}
