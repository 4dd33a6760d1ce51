/** Size and names of files, and the white space that editors differ about. */
import type { TextFile } from "./repository-files.ts";

export const fileLimits = {
  /** Lines of a TypeScript file, comments and blank lines included. */
  maximumSourceLines: 500,
  /** Any file; the lock file is generated and exempt. */
  maximumBytes: 512 * 1024,
} as const;

const dumps = /^(?:utils?|common|helpers?|misc|types)\.[cm]?tsx?$/;
const kebabCase = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;
/** Test data keeps the bytes it came with; a licence keeps its layout. */
const keepsItsBytes = /(?:^|\/)(?:testdata|fixtures)\/|\.dat$|^LICENSE$|package-lock\.json$/;

export function checkFileLimits(files: readonly TextFile[]): readonly string[] {
  return files.flatMap((file) => faultsOf(file).map((fault) => `${file.path}: ${fault}`));
}

function faultsOf({ path, text }: TextFile): string[] {
  const faults: string[] = [];
  const name = path.slice(path.lastIndexOf("/") + 1);
  const bytes = Buffer.byteLength(text);
  if (bytes > fileLimits.maximumBytes && name !== "package-lock.json") {
    faults.push(`${bytes} bytes, at most ${fileLimits.maximumBytes}`);
  }
  if (path.endsWith(".ts")) {
    const lines = text.split("\n").length - 1;
    if (lines > fileLimits.maximumSourceLines) {
      faults.push(`${lines} lines, at most ${fileLimits.maximumSourceLines}`);
    }
    if (dumps.test(name)) faults.push("a file is named after the one thing in it");
    if (!kebabCase.test(name)) faults.push("the name is not kebab-case");
  }
  if (!keepsItsBytes.test(path)) faults.push(...whiteSpaceFaults(text));
  return faults;
}

function whiteSpaceFaults(text: string): string[] {
  const faults: string[] = [];
  if (text.includes("\r")) faults.push("carriage return");
  if (text !== "" && !text.endsWith("\n")) faults.push("no newline at the end");
  const line = text.split("\n").findIndex((each) => /[ \t]$/.test(each));
  if (line !== -1) faults.push(`white space at the end of line ${line + 1}`);
  return faults;
}
