import { bfdRows, type LineSession, logRows, neighborRows, sessionDefaults } from "./line-session.ts";

export interface ExchangeSide {
  readonly asn: number;
  readonly routerId: string;
  /** Networks of the edge that customers hear of. */
  readonly announced: readonly string[];
  readonly sessions: readonly (LineSession & {
    /** The only networks that this customer may announce. */
    readonly routes: readonly string[];
  })[];
}

/**
 * Configuration of FRR on a gateway host. The sessions tell whether a line lives and what the customer hears of us. What
 * the customer announces is looked at and kept out of the kernel: the routes of a line are in its own table, and two
 * lines may lead to the same network.
 */
export function exchangeConfiguration({ asn, routerId, announced, sessions }: ExchangeSide): string {
  return [
    "frr defaults traditional",
    ...logRows,
    ...announced.map((network) => `ip prefix-list edge permit ${network}`),
    ...sessions.flatMap(({ line, routes }) => [
      ...routes.map((route) => `ip prefix-list ${line} permit ${route}`),
      `route-map ${line}-in permit 10`,
      ` match ip address prefix-list ${line}`,
      "exit",
    ]),
    "route-map none deny 10",
    "exit",
    "ip protocol bgp route-map none",
    `router bgp ${asn}`,
    ` bgp router-id ${routerId}`,
    ...sessionDefaults,
    ...sessions.flatMap(neighborRows),
    " address-family ipv4 unicast",
    ...announced.map((network) => `  network ${network}`),
    ...sessions.flatMap(({ line, neighborAddress }) => [
      `  neighbor ${neighborAddress} activate`,
      `  neighbor ${neighborAddress} route-map ${line}-in in`,
      `  neighbor ${neighborAddress} prefix-list edge out`,
    ]),
    " exit-address-family",
    "exit",
    ...bfdRows,
    "",
  ].join("\n");
}
