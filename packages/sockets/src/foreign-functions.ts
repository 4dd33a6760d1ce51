import type * as Ffi from "node:ffi";
import { endianness } from "node:os";

/**
 * What is made with `node:ffi`, once for the process. Instead of it a text says why there is none: the numbers and layouts of
 * this package are those of 64-bit Linux, little-endian, and a Node may be built, or permitted, without `node:ffi`.
 */
export function withForeignFunctions<T extends object>(make: (ffi: typeof Ffi) => T): () => T | string {
  let made: T | string | undefined;
  return () => {
    made ??= attempt(make);
    return made;
  };
}

function attempt<T>(make: (ffi: typeof Ffi) => T): T | string {
  if (process.platform !== "linux" || !["x64", "arm64"].includes(process.arch) || endianness() !== "LE") {
    return `no system calls known for ${process.platform} on ${process.arch}`;
  }
  try {
    const ffi = process.getBuiltinModule("node:ffi");
    return ffi === undefined ? "this Node has no node:ffi" : make(ffi);
  } catch (error) {
    return `node:ffi: ${error instanceof Error ? error.message : String(error)}`;
  }
}
