/** Arguments of `./tandem test`. */
import { parseArgs } from "node:util";
import { suiteNames } from "./suites.ts";

export interface TestOptions {
  /** `check`, `unit`, `integration`, `lab`. */
  readonly parts: readonly string[];
  /** Part of a file's path. */
  readonly path: string | undefined;
  /** Regular expression on the names of tests. */
  readonly name: string | undefined;
}

export const partNames: readonly string[] = ["check", ...suiteNames];
export const usage = `usage: ./tandem test [--only ${partNames.join("|")}] [--name PATTERN] [part of a path]`;

/** A text says what is wrong with the arguments. The gates run unless a path, a name or another part was asked for. */
export function parseTestOptions(args: readonly string[]): TestOptions | string {
  let parsed: { values: { only?: string[]; name?: string }; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { only: { type: "string", multiple: true }, name: { type: "string" } },
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { values, positionals } = parsed;
  if (positionals.length > 1) return "at most one part of a path";
  const only = (values.only ?? []).flatMap((part) => part.split(","));
  const unknown = only.find((part) => !partNames.includes(part));
  if (unknown !== undefined) return `no such part: ${unknown}`;
  const isNarrow = positionals.length > 0 || values.name !== undefined;
  const parts = only.length > 0 ? only : isNarrow ? suiteNames : partNames;
  return { parts, path: positionals[0], name: values.name };
}
