import { statfsSync } from "node:fs";

/** Primary result codes of SQLite: the last byte of its error numbers. */
const sqlite = { ioError: 10, full: 13, cannotOpen: 14 } as const;

/** What statfs(2) says; a file system without a fixed number of files has `files` 0. */
export interface RoomOnDisk {
  readonly bavail: number;
  readonly files: number;
  readonly ffree: number;
}

/** Whether what the ledger could not be opened for is a disk without room, and nothing else: it is well again when there is room. */
export function isForLackOfRoom(
  error: unknown,
  directory: string,
  statfs: (path: string) => RoomOnDisk = statfsSync,
): boolean {
  const { code, errcode } = error as { readonly code?: unknown; readonly errcode?: unknown };
  if (code === "ENOSPC" || code === "EDQUOT") return true;
  if (typeof errcode !== "number") return false;
  const primary = errcode & 0xff;
  if (primary === sqlite.full) return true;
  // Of a file that it needs beside the database SQLite says no more than that it could not be had.
  return (primary === sqlite.ioError || primary === sqlite.cannotOpen) && isFull(directory, statfs);
}

function isFull(directory: string, statfs: (path: string) => RoomOnDisk): boolean {
  try {
    const { bavail, files, ffree } = statfs(directory);
    return bavail === 0 || (files > 0 && ffree === 0);
  } catch {
    return false;
  }
}
