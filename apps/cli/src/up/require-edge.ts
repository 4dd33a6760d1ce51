import { CliError } from "../cli-error.ts";
import type { RestClient } from "../client/rest-client.ts";

/** More edges than there are places for them. */
const maximumEdges = 10_000;

/**
 * Throws CliError, with the edges that there are, for one that control does not know: by the topology file or because the operator
 * made it. False where there are none at all (a new installation without a topology): they can only be made while control runs.
 */
export async function requireEdge(client: Pick<RestClient, "listAll">, edge: string): Promise<boolean> {
  const rows = await client.listAll("/v1/Edges", "edges", [], maximumEdges);
  const names = rows.map((row) => String(row["name"])).toSorted();
  if (names.length === 0) return false;
  if (names.includes(edge)) return true;
  throw new CliError(
    `--edge ${edge}: there is no such edge; there are ${names.join(", ")}. './tandem edges create' makes another`,
  );
}
