import { bfdRows, type LineSession, logRows, neighborRows, sessionDefaults } from "./line-session.ts";

export interface CustomerSide {
  readonly asn: number;
  readonly routerId: string;
  /** Its network. */
  readonly prefix: string;
  readonly sessions: readonly (LineSession & {
    /** Networks of the edge that are believed from this neighbor. */
    readonly edgeNetworks: readonly string[];
  })[];
}

/**
 * Configuration of FRR on a customer's router: it announces its network over each line, and routes to the addresses of
 * an edge over the line that announces them. Without a line there is no way to a private edge.
 */
export function customerConfiguration({ asn, routerId, prefix, sessions }: CustomerSide): string {
  return [
    "frr defaults traditional",
    ...logRows,
    `ip prefix-list own permit ${prefix}`,
    ...sessions.flatMap(({ line, neighborAddress, edgeNetworks }) =>
      edgeNetworks.map((network) => `ip prefix-list ${listName(line, neighborAddress)} permit ${network}`),
    ),
    `router bgp ${asn}`,
    ` bgp router-id ${routerId}`,
    ...sessionDefaults,
    ...sessions.flatMap(neighborRows),
    // Our lines of this lab share one number on the other side.
    " no bgp ebgp-requires-policy",
    " address-family ipv4 unicast",
    `  network ${prefix}`,
    ...sessions.flatMap(({ line, neighborAddress }) => [
      `  neighbor ${neighborAddress} activate`,
      `  neighbor ${neighborAddress} prefix-list ${listName(line, neighborAddress)} in`,
      `  neighbor ${neighborAddress} prefix-list own out`,
    ]),
    " exit-address-family",
    "exit",
    ...bfdRows,
    "",
  ].join("\n");
}

/** An edge with several gateways has several neighbors on one line. */
function listName(line: string, neighborAddress: string): string {
  return `${line}-${neighborAddress}`;
}
