import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Topology } from "@tandem/contracts";
import { faultText, parseTopology } from "@tandem/topology";

/** The reference topology, which comes with the program. */
export const shippedTopologyFile: string = fileURLToPath(
  new URL("../../../../topology/reference.yaml", import.meta.url),
);

/** A topology file that cannot be used; the message has a line for each fault, with its place. */
export class TopologyFileError extends Error {
  override readonly name = "TopologyFileError";
}

/** Throws a `TopologyFileError` when the file cannot be read or is no sound topology. */
export async function readTopologyFile(file: string): Promise<Topology> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new TopologyFileError(
      `cannot read ${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
  }
  const result = parseTopology(text);
  if (result.ok) return result.topology;
  throw new TopologyFileError(result.faults.map((fault) => faultText(file, fault)).join("\n"));
}
