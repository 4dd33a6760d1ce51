import type { Edge } from "@tandem/contracts";

/**
 * Names that stand where an edge's name stands and mean "any edge of this kind", in lower case. Legacy ids follow the
 * pattern of the edges': with `-ix` private, without it public. An edge that really has such a name wins.
 */
export const roamingEdges: ReadonlyMap<string, Edge["kind"]> = new Map([
  ["roaming", "private"],
  ["gll-ix", "private"],
  ["gll", "public"],
]);
