import type { InterfaceConfiguration, InterfaceRole } from "@tandem/contracts";
import type { ParsedCandidateUri, RoutingTable } from "@tandem/routing";

/** The interface for a carrier gateway: the first of role carrier that serves its transport. */
export function carrierInterface(
  interfaces: readonly InterfaceConfiguration[],
  uri: ParsedCandidateUri,
): InterfaceConfiguration | undefined {
  return firstWith(interfaces, ["carrier"], uri);
}

/**
 * The interface for an origination URL. One with `;edge=` of a private edge leaves by the private lines only; without it
 * the customer is reached over the internet, and a gateway that has only private lines uses those.
 */
export function customerInterface(
  interfaces: readonly InterfaceConfiguration[],
  uri: ParsedCandidateUri,
  table: RoutingTable,
): InterfaceConfiguration | undefined {
  const isPrivate = uri.edge !== undefined && table.edgeByName(uri.edge)?.kind === "private";
  return firstWith(interfaces, isPrivate ? ["private"] : ["public", "private"], uri);
}

/** By the order of the roles, then of the configuration. */
function firstWith(
  interfaces: readonly InterfaceConfiguration[],
  roles: readonly InterfaceRole[],
  uri: ParsedCandidateUri,
): InterfaceConfiguration | undefined {
  for (const role of roles) {
    const found = interfaces.find((one) => one.roles.includes(role) && serves(one, uri.transport));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Without its own port of that transport an interface has no Contact to be reached by. */
function serves(one: InterfaceConfiguration, transport: ParsedCandidateUri["transport"]): boolean {
  switch (transport) {
    case "UDP":
      return one.udpPort !== undefined;
    case "TCP":
      return one.tcpPort !== undefined;
    case "TLS":
      return one.tlsPort !== undefined;
    case undefined:
      return true;
  }
}
