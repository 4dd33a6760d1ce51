import { CliError } from "../cli-error.ts";
import type { RestClient } from "../client/rest-client.ts";

/** More edges than there are places for them. */
const maximumEdges = 10_000;

export interface WantedEdge {
  readonly edge: string;
  /** Undefined: whichever the edge is in. */
  readonly region: string | undefined;
}

/**
 * The region of an edge that control knows, by the topology file or because the operator made it. Undefined where there are no edges at
 * all (a new installation without a topology): they can only be made while control runs.
 * @throws CliError for an edge that control does not know, with those that it knows, and for one that is in another region than is wanted
 */
export async function edgeRegion(
  client: Pick<RestClient, "listAll">,
  wanted: WantedEdge,
): Promise<string | undefined> {
  const rows = await client.listAll("/v1/Edges", "edges", [], maximumEdges);
  const regions = new Map(rows.map((row) => [String(row["name"]), String(row["region"])]));
  if (regions.size === 0) return undefined;
  const region = regions.get(wanted.edge);
  if (region === undefined) {
    const names = [...regions.keys()].toSorted().join(", ");
    throw new CliError(
      `--edge ${wanted.edge}: there is no such edge; there are ${names}. './tandem edges create' makes another`,
    );
  }
  if (wanted.region === undefined || wanted.region === region) return region;
  throw new CliError(
    `--region ${wanted.region}: the edge ${wanted.edge} is in region ${region}; leave --region out, or choose an edge of ${wanted.region}`,
  );
}
