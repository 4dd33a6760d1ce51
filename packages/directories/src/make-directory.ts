import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a directory and those above it, with mode 0700, and sees to it that this process may write in it. Node's own `recursive`
 * never ends in a file system that answers ENOENT in a directory that is there, as /proc does.
 * @throws Error that says what stands in the way; its `code` is the system's, as ENOSPC
 */
export function makeDirectory(path: string): void {
  try {
    makeWithThoseAbove(path);
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const text = `cannot use ${path}: ${faultOf(path, error)}`;
    throw Object.assign(new Error(text, { cause: error }), { code });
  }
}

function makeWithThoseAbove(path: string): void {
  try {
    makeOne(path);
  } catch (error) {
    const above = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || above === path || existsSync(above))
      throw error;
    makeWithThoseAbove(above);
    makeOne(path);
  }
}

/** What is there, made by another program a moment ago maybe, is as good. */
function makeOne(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !statSync(path).isDirectory()) throw error;
  }
}

function faultOf(path: string, error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const fault = faults[code];
  return fault === undefined ? message : `${fault(nearestThere(path))} (${code})`;
}

const faults: Readonly<Record<string, (there: string) => string>> = {
  EEXIST: (there) => `${there} is no directory`,
  ENOTDIR: (there) => `${there} is no directory`,
  EACCES: (there) => `no permission to write in ${there}`,
  EPERM: (there) => `no permission to write in ${there}`,
  EROFS: (there) => `the file system of ${there} is read-only`,
  ENOENT: (there) => `${there} takes no directories`,
};

/** The path itself or the nearest above it that is there. */
function nearestThere(path: string): string {
  const above = dirname(path);
  return existsSync(path) || above === path ? path : nearestThere(above);
}
