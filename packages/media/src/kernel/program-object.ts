import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory } from "@tandem/directories";
import { hostCommand } from "./host-command.ts";

const sourceDirectory = join(import.meta.dirname, "program");
const sources = [
  "relay.bpf.c",
  "layout.h",
  "maps.h",
  "packet.h",
  "reception.h",
  "sending.h",
  "source-gate.h",
] as const;
/** Where Debian keeps headers that differ by architecture; elsewhere they are found without. */
const multiarchNames: Readonly<Record<string, string>> = {
  x64: "x86_64-linux-gnu",
  arm64: "aarch64-linux-gnu",
};

/** Names the program by what it is made from. */
export function programHash(): string {
  const hash = createHash("sha256");
  for (const name of sources) hash.update(readFileSync(join(sourceDirectory, name)));
  return hash.digest("hex").slice(0, 16);
}

/**
 * The compiled program: from the cache directory, or compiled into it now, which takes about a second.
 * @throws Error that says what the compiler lacks
 */
export function programObject(cacheDirectory: string): string {
  const object = join(cacheDirectory, `relay-${programHash()}.bpf.o`);
  if (existsSync(object)) return object;
  makeDirectory(cacheDirectory);
  const unfinished = `${object}.${process.pid}`;
  const options = "-O2 -g -Wall -Wextra -Werror -target bpf -mcpu=v3".split(" ");
  const headers = `-I/usr/include/${multiarchNames[process.arch] ?? ""}`;
  hostCommand("clang", [...options, headers, "-c", join(sourceDirectory, sources[0]), "-o", unfinished]);
  // Another gateway of this host may be compiling too.
  renameSync(unfinished, object);
  return object;
}
