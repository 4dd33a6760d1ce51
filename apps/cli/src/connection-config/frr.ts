/** A private line for FRR (8.4 or newer): `frr.conf` of one side. */
import { type AnnouncedPrefix, type BgpPlan, bfd, type LineEnd, type LinePlan } from "./line-plan.ts";

/** Prefixes above it end the session: somebody leaks a whole table. */
export const maximumPrefixes = 300;

export function frrText(line: LinePlan, bgp: BgpPlan, end: LineEnd): string {
  const isCustomer = end.side === "customer";
  const own = isCustomer ? bgp.customerPrefixes.map(wholePrefix) : bgp.exchangePrefixes;
  const theirs = isCustomer ? bgp.exchangePrefixes : bgp.customerPrefixes.map(wholePrefix);
  const peer = isCustomer ? bgp.exchangeAddress : bgp.customerAddress;
  const tag = listName(line);
  return [
    `! ${line.friendlyName}: ${line.type} at ${line.edge}, ${line.sid}`,
    `! Side of the ${end.side}. FRR with bgpd and bfdd.`,
    "frr defaults traditional",
    ...prefixList(`${tag}-IN`, theirs),
    ...prefixList(`${tag}-OUT`, own),
    `route-map ${tag}-IN permit 10`,
    ` match ip address prefix-list ${tag}-IN`,
    end.side === "customer" ? " set local-preference 200" : ` set table ${end.gateway.routingTable}`,
    "exit",
    `route-map ${tag}-OUT permit 10`,
    ` match ip address prefix-list ${tag}-OUT`,
    "exit",
    ...neighborLines(line, bgp, isCustomer, peer, own),
    "bfd",
    ` peer ${peer}`,
    `  detect-multiplier ${bfd.multiplier}`,
    `  receive-interval ${bfd.intervalMs}`,
    `  transmit-interval ${bfd.intervalMs}`,
    " exit",
    "exit",
    "",
  ].join("\n");
}

function neighborLines(
  line: LinePlan,
  bgp: BgpPlan,
  isCustomer: boolean,
  peer: string,
  own: readonly AnnouncedPrefix[],
): readonly string[] {
  const tag = listName(line);
  return [
    `router bgp ${isCustomer ? bgp.customerAsn : bgp.exchangeAsn}`,
    ` bgp router-id ${isCustomer ? bgp.customerAddress : bgp.exchangeAddress}`,
    " no bgp default ipv4-unicast",
    // The prefixes are announced whether or not an interior protocol has them.
    " no bgp network import-check",
    ` neighbor ${peer} remote-as ${isCustomer ? bgp.exchangeAsn : bgp.customerAsn}`,
    ` neighbor ${peer} description ${line.sid}`,
    ...(bgp.password === undefined ? [] : [` neighbor ${peer} password ${bgp.password}`]),
    ` neighbor ${peer} timers 10 30`,
    // A line that was repaired carries calls again within seconds; FRR's own pause is two minutes.
    ` neighbor ${peer} timers connect 5`,
    ` neighbor ${peer} bfd`,
    " address-family ipv4 unicast",
    ...own.map(({ network }) => `  network ${network}`),
    `  neighbor ${peer} activate`,
    `  neighbor ${peer} route-map ${tag}-IN in`,
    `  neighbor ${peer} route-map ${tag}-OUT out`,
    `  neighbor ${peer} maximum-prefix ${maximumPrefixes}`,
    " exit-address-family",
    "exit",
  ];
}

/** Names of this line's lists: several lines may stand in one router. */
export function listName({ sid }: LinePlan): string {
  return `TANDEM-${sid.slice(2, 10).toUpperCase()}`;
}

function wholePrefix(network: string): AnnouncedPrefix {
  return { network, longest: undefined };
}

function prefixList(name: string, prefixes: readonly AnnouncedPrefix[]): readonly string[] {
  return prefixes.map(
    ({ network, longest }, index) =>
      `ip prefix-list ${name} seq ${(index + 1) * 5} permit ${network}${longest === undefined ? "" : ` le ${longest}`}`,
  );
}
