import assert from "node:assert/strict";
import { closeSync, openSync, writeSync } from "node:fs";

/** Takes all the room there is, to the last byte; removing the file gives it back. */
export function fillDisk(file: string): string {
  const descriptor = openSync(file, "a");
  try {
    for (let bytes = 4096; bytes >= 1; ) {
      try {
        writeSync(descriptor, Buffer.alloc(bytes));
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, "ENOSPC");
        bytes = Math.floor(bytes / 2);
      }
    }
  } finally {
    closeSync(descriptor);
  }
  return file;
}
