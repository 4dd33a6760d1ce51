import type { InterfaceConfiguration, InterfaceRole } from "@tandem/contracts";
import type { Candidate, RoutingTable } from "@tandem/routing";

/** The interface an attempt leaves by: the first with the role that the candidate asks for. */
export function chooseInterface(
  interfaces: readonly InterfaceConfiguration[],
  candidate: Candidate,
  table: RoutingTable,
): InterfaceConfiguration | undefined {
  if (candidate.kind === "carrier") return withRole(interfaces, "carrier");
  const edge = candidate.edge === undefined ? undefined : table.edgeByName(candidate.edge);
  // Without `;edge=` the customer is reached over the internet; a gateway that has only private lines uses those.
  const isPrivate = candidate.uri.edge !== undefined && edge?.kind === "private";
  const wanted: readonly InterfaceRole[] = isPrivate ? ["private"] : ["public", "private"];
  for (const role of wanted) {
    const found = withRole(interfaces, role);
    if (found !== undefined) return found;
  }
  return undefined;
}

function withRole(
  interfaces: readonly InterfaceConfiguration[],
  role: InterfaceRole,
): InterfaceConfiguration | undefined {
  return interfaces.find((one) => one.roles.includes(role));
}
