import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Expectation, rfc4475, rfc5118 } from "./expectations.ts";

/** One message of the two RFCs, byte by byte, with what it must get. */
export interface TortureMessage {
  readonly rfc: 4475 | 5118;
  readonly section: string;
  readonly text: string;
  readonly expectation: Expectation;
}

const folder = join(import.meta.dirname, "..", "..", "packages", "sip", "testdata");

interface ManifestEntry {
  readonly name: string;
  readonly section: string;
}

function messagesOf(rfc: TortureMessage["rfc"], expectations: readonly Expectation[]): TortureMessage[] {
  const set = `rfc${rfc}`;
  const manifest = JSON.parse(readFileSync(join(folder, set, "manifest.json"), "utf8")) as ManifestEntry[];
  const sections = new Map(manifest.map(({ name, section }) => [name, section]));
  return expectations.map((expectation) => ({
    rfc,
    section: sections.get(expectation.name.replace(".cl-fixed", "")) ?? "",
    text: readFileSync(join(folder, set, `${expectation.name}.dat`), "latin1"),
    expectation,
  }));
}

/** In the order of the RFCs. */
export const tortureMessages: readonly TortureMessage[] = [
  ...messagesOf(4475, rfc4475),
  ...messagesOf(5118, rfc5118),
];

/** Names that the manifests of both RFCs list and the table lacks. */
export function missingMessages(): readonly string[] {
  const known = new Set([...rfc4475, ...rfc5118].map(({ name }) => name));
  return ["rfc4475", "rfc5118"].flatMap((set) => {
    const manifest = JSON.parse(readFileSync(join(folder, set, "manifest.json"), "utf8")) as ManifestEntry[];
    return manifest.flatMap(({ name }) => (known.has(name) ? [] : [`${set}/${name}`]));
  });
}
