import type { ConnectionType } from "@tandem/contracts";

/**
 * Parameters that a line of that type still needs before it can carry anything: every line its routes, since a packet
 * from or to any other network is dropped; a VPN the customer's gateway as well.
 */
export function missingParts(line: {
  readonly type: ConnectionType;
  readonly ip_routes: readonly string[];
  readonly vpn_gateway_address: string | null;
}): readonly string[] {
  const missing = [];
  if (line.type === "vpn" && line.vpn_gateway_address === null) missing.push("VpnGatewayAddress");
  if (line.ip_routes.length === 0) missing.push("IpRoutes");
  return missing;
}
