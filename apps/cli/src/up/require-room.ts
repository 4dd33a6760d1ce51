/** A full disk is said before anything starts: programs that crash on it could not even write why. */
import { statfsSync } from "node:fs";
import { CliError } from "../cli-error.ts";

const mebibyte = 1024 * 1024;

/** Free bytes that a start needs. A new embedded database takes 41 MiB; the rest is for logs, journal and outbox. */
export const neededBytes = { withNewDatabase: 64 * mebibyte, otherwise: 4 * mebibyte } as const;

/** Throws CliError when the disk of the directory has less room. A file system that does not say is taken as it is. */
export function requireRoom(directory: string, needed: number, free = freeBytes(directory)): void {
  if (free === undefined || free >= needed) return;
  throw new CliError(
    `cannot use ${directory}: no space left on device (ENOSPC): ${inMebibytes(free)} MiB are free, this start needs ${inMebibytes(needed)} MiB`,
  );
}

function freeBytes(directory: string): number | undefined {
  const { bavail, blocks, bsize } = statfsSync(directory);
  return blocks === 0 ? undefined : bavail * bsize;
}

/** Rounded down, so that what is too little never looks like enough. */
function inMebibytes(bytes: number): number {
  return Math.floor((bytes / mebibyte) * 10) / 10;
}
