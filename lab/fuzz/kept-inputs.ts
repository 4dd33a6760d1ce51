import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "kept");

/** Inputs that once did what none may. They are tried in every test run, and fuzzing begins with them. */
export function keptInputs(target: string): readonly { readonly name: string; readonly input: string }[] {
  const path = join(folder, target);
  if (!existsSync(path)) return [];
  const names = readdirSync(path).toSorted();
  return names.map((name) => ({ name, input: JSON.parse(readFileSync(join(path, name), "utf8")) as string }));
}

/** Keeps an input, as a JSON text whose characters are bytes; returns its file. The same input has the same name. */
export function keepInput(target: string, input: string): string {
  const path = join(folder, target);
  mkdirSync(path, { recursive: true });
  const file = join(path, `${createHash("sha256").update(input, "latin1").digest("hex").slice(0, 16)}.json`);
  writeFileSync(file, `${JSON.stringify(input)}\n`);
  return file;
}
