import type { Candidate, RoutingTable } from "@tandem/routing";
import { type GatewayPlace, possibleWays } from "./egress-ways.ts";
import { interfaceFor } from "./interface-choice.ts";

/** Interfaces of this gateway by which an attempt at the candidate may leave, its fallback and the backbone included. */
export function egressInterfaces(
  candidate: Candidate,
  table: RoutingTable,
  place: GatewayPlace,
): ReadonlySet<string> {
  const names = new Set<string>();
  const backbone = place.interfaces.find(({ roles }) => roles.includes("backbone"));
  const add = (one: { readonly name: string } | undefined): void => {
    if (one !== undefined) names.add(one.name);
  };
  if (candidate.edge !== undefined && table.edgeNameOf(candidate.edge) !== table.edgeNameOf(place.edge)) {
    add(backbone);
    return names;
  }
  for (const chosen of possibleWays(candidate, table, place)) {
    if (chosen.kind === "none") continue;
    const connection = chosen.kind === "way" ? chosen.way.connection : chosen.connection;
    if (chosen.kind === "way") add(chosen.way.interface);
    if (connection?.fallback === "public")
      add(interfaceFor(place.interfaces, "public", candidate.uri) ?? backbone);
  }
  return names;
}
