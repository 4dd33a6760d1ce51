import type { InterfaceConfiguration, InterfaceRole } from "@tandem/contracts";
import type { ParsedCandidateUri } from "@tandem/routing";

/** The first interface of that role, in the order of the configuration, that serves the transport of the URI. */
export function interfaceFor(
  interfaces: readonly InterfaceConfiguration[],
  role: InterfaceRole,
  uri: ParsedCandidateUri,
): InterfaceConfiguration | undefined {
  return interfaces.find((one) => one.roles.includes(role) && serves(one, uri.transport));
}

/** Without its own port of that transport an interface has no Contact to be reached by. */
export function serves(one: InterfaceConfiguration, transport: ParsedCandidateUri["transport"]): boolean {
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
