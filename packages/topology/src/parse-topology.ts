import { Topology } from "@tandem/contracts";
import { Compile } from "typebox/compile";
import { LineCounter, parseDocument } from "yaml";
import { checksOf } from "./checks/index.ts";
import type { Path, TopologyFault } from "./fault.ts";
import { offsetOf } from "./offset.ts";

export type TopologyResult =
  | { readonly ok: true; readonly topology: Topology }
  /** In the order of their places, `maximumFaults` at most. */
  | { readonly ok: false; readonly faults: readonly TopologyFault[] };

/** A file of the world's largest exchange has some hundred thousand characters. */
export const maximumTopologyCharacters = 1_000_000;
/** More faults than a person reads at once. */
const maximumFaults = 50;

const compiled = Compile(Topology);

interface Fault {
  readonly offset: number;
  readonly path: string;
  readonly cause: string;
}

/** Reads the text of a topology file (YAML, so JSON too). Does not throw. */
export function parseTopology(text: string): TopologyResult {
  if (text.length > maximumTopologyCharacters) {
    const cause = `the file has more than ${maximumTopologyCharacters} characters`;
    return { ok: false, faults: [{ line: 1, column: 1, path: "", cause }] };
  }
  const lines = new LineCounter();
  const read = readText(text, lines);
  if (read.faults.length === 0) return { ok: true, topology: read.value as Topology };
  const faults = read.faults
    .toSorted((one, other) => one.offset - other.offset)
    .slice(0, maximumFaults)
    .map(({ offset, path, cause }) => {
      const { line, col } = lines.linePos(offset);
      return { line: Math.max(1, line), column: Math.max(1, col), path, cause };
    });
  return { ok: false, faults };
}

/** Each kind of faults is looked for only in a text without those of the kind before. */
function readText(text: string, lineCounter: LineCounter): { value?: unknown; faults: readonly Fault[] } {
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  if (document.errors.length > 0) {
    return {
      faults: document.errors.map(({ pos, message }) => ({ offset: pos[0], path: "", cause: message })),
    };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return {
      faults: [{ offset: 0, path: "", cause: error instanceof Error ? error.message : String(error) }],
    };
  }
  const faultAt = (path: Path, cause: string): Fault => ({
    offset: offsetOf(document, path),
    path: `/${path.join("/")}`,
    cause,
  });
  if (!compiled.Check(value))
    return { faults: schemaFaults(value).map(([path, cause]) => faultAt(path, cause)) };
  return { value, faults: checksOf(value).map(({ path, cause }) => faultAt(path, cause)) };
}

function schemaFaults(value: unknown): readonly (readonly [Path, string])[] {
  const faults: (readonly [Path, string])[] = [];
  for (const { keyword, instancePath, params, message } of compiled.Errors(value)) {
    // A member that the schema does not name is reported once for itself and once for the object that has it.
    if (keyword === "additionalProperties") continue;
    faults.push([pathOf(instancePath, value), causeOf(keyword, params, message)]);
  }
  return faults;
}

function causeOf(keyword: string, params: object, message: string): string {
  if (keyword === "boolean") return "there is no such member";
  const { allowedValues } = params as { allowedValues?: readonly unknown[] };
  return allowedValues === undefined ? message : `must be one of ${allowedValues.join(", ")}`;
}

/** Members of lists become numbers again: `/edges/3/region` (RFC 6901 §4). */
function pathOf(pointer: string, value: unknown): Path {
  const path: (string | number)[] = [];
  let at = value;
  for (const token of pointer.split("/").slice(1)) {
    const name = token.replaceAll("~1", "/").replaceAll("~0", "~");
    const step = Array.isArray(at) ? Number(name) : name;
    path.push(step);
    at = (at as Record<string | number, unknown> | null)?.[step];
  }
  return path;
}
