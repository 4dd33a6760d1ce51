/** IPv4 networks that are not a customer's to route (RFC 6890 and its registry). */
import { type IpRange, parseNetwork } from "@tandem/routing";

const never: readonly (readonly [network: string, what: string])[] = [
  ["0.0.0.0/8", "a network of its own host (RFC 1122)"],
  ["127.0.0.0/8", "loopback"],
  ["169.254.0.0/16", "link-local"],
  ["224.0.0.0/4", "multicast"],
  ["240.0.0.0/4", "reserved"],
];

/** Routable over a private line, if the operator says so: within one line there is no doubt whose they are. */
const privateSpace: readonly (readonly [network: string, what: string])[] = [
  ["10.0.0.0/8", "private address space (RFC 1918)"],
  ["172.16.0.0/12", "private address space (RFC 1918)"],
  ["192.168.0.0/16", "private address space (RFC 1918)"],
  ["100.64.0.0/10", "shared address space (RFC 6598)"],
];

/** What stands against that network, `loopback`; undefined: nothing. */
export function specialUseOf(
  network: IpRange,
  policy: { readonly allowPrivate: boolean; readonly linePool: string },
): string | undefined {
  if (overlaps(network, policy.linePool)) return `in the line pool ${policy.linePool} of the exchange`;
  const refused = policy.allowPrivate ? never : [...never, ...privateSpace];
  return refused.find(([special]) => overlaps(network, special))?.[1];
}

/** Whether it is the exchange's own, loopback, multicast or the like; link-local and private addresses are in order between two routers. */
export function isNeverOnLink(address: IpRange, linePool: string): boolean {
  if (overlaps(address, linePool)) return true;
  return never.some(([special, what]) => what !== "link-local" && overlaps(address, special));
}

function overlaps(a: IpRange, network: string): boolean {
  const b = parseNetwork(network);
  return b !== undefined && a.first <= b.last && b.first <= a.last;
}
