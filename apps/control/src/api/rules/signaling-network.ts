import { findForeignSignaling, type Queryable } from "@tandem/database";
import { parseIpAddress, parseNetwork } from "@tandem/routing";
import { ApiError } from "../conventions/api-error.ts";

/** An address or a network, in lower case. Throws for anything else, for bits behind the prefix, and for `/0`. */
export function signalingNetworkOf(given: string): string {
  const text = given.toLowerCase();
  const range = parseNetwork(text);
  const [address = "", length] = text.split("/");
  const isMapped = text.includes(":") && typeof range?.first === "number";
  if (range === undefined || isMapped || length === "0" || range.first !== parseIpAddress(address)) {
    throw new ApiError("invalidParameter", `${given} is neither an address nor a network.`);
  }
  return text;
}

/** An address belongs to one edge: throws when one of these belongs to another edge or stands here twice. */
export async function checkSignaling(
  database: Queryable,
  edge: string,
  networks: readonly string[],
): Promise<void> {
  const other = await findForeignSignaling(database, edge, networks);
  if (other !== undefined) {
    throw new ApiError("conflict", `${other.network} overlaps ${other.other} of edge ${other.edge}.`);
  }
}
