import { readFile } from "node:fs/promises";
import { validator } from "@tandem/contracts";
import { type EdgeValues, insertEdge, type Queryable } from "@tandem/database";
import Type, { type Static } from "typebox";

const Topology = Type.Object({
  edges: Type.Array(
    Type.Object({
      name: Type.String(),
      legacyId: Type.String(),
      region: Type.String(),
      kind: Type.Enum(["private", "public"]),
      place: Type.String(),
      signalingAddresses: Type.Array(Type.String()),
      /** Which document says so. */
      source: Type.Enum(["reference", "public-docs", "operator"]),
    }),
  ),
});
/** Edges that an installation begins with. */
export type Topology = Static<typeof Topology>;

const validate = validator(Topology);

/** The topology of the reference system, as an example to begin with. */
export const exampleTopologyFile: URL = new URL("example-topology.json", import.meta.url);

/** Throws when the file cannot be read or is no topology. */
export async function readTopology(file: URL | string): Promise<Topology> {
  const checked = validate(JSON.parse(await readFile(file, "utf8")));
  if (!checked.ok) throw new Error(`the topology file ${String(file)} is wrong at ${checked.error}`);
  return checked.value;
}

export async function insertTopology(transaction: Queryable, topology: Topology): Promise<void> {
  for (const edge of topology.edges) {
    const values: EdgeValues = {
      name: edge.name,
      legacy_id: edge.legacyId,
      region: edge.region,
      kind: edge.kind,
      place: edge.place,
      signaling_addresses: edge.signalingAddresses,
      source: edge.source,
    };
    await insertEdge(transaction, values);
  }
}
