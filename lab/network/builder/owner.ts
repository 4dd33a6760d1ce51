/** Whose a network is: names carry the pid of the process that built it, and a file when that process began. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** `tandem-4711-1`: first part of the name of every namespace, and of the directory of that network. */
export function runNameOf(pid: number, sequence: number): string {
  return `tandem-${pid}-${sequence}`;
}

const runName = /^(tandem-(\d+)-\d+)(?:-|$)/;

/** The run that a namespace, directory or path space belongs to; undefined: it is none of ours. */
export function runOf(name: string): { readonly run: string; readonly pid: number } | undefined {
  const match = runName.exec(name);
  return match === null ? undefined : { run: match[1] ?? "", pid: Number(match[2]) };
}

export function directoryOf(run: string): string {
  return join(tmpdir(), run);
}

/** Remembers in the run's directory when this process began: a pid alone is used again one day. */
export function signDirectory(directory: string): void {
  writeFileSync(join(directory, "owner"), beganTicks(process.pid) ?? "");
}

/** Whether the process that built it is still there. */
export function isOwnerAlive(run: string, pid: number): boolean {
  const ticks = beganTicks(pid);
  if (ticks === undefined) return false;
  const file = join(directoryOf(run), "owner");
  return !existsSync(file) || readFileSync(file, "utf8") === ticks;
}

/** Field 22 of /proc/PID/stat: clock ticks after boot; undefined when there is no such process. */
function beganTicks(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
