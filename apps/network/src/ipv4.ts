import { parseIpAddress, parseNetwork } from "@tandem/routing";

/** An IPv4 network; `first` and `last` are its addresses as numbers. */
export interface Ipv4Network {
  readonly first: number;
  readonly last: number;
  readonly prefixLength: number;
}

/** Dotted decimal to a number; undefined: it is no IPv4 address (nor an IPv4-mapped one in another spelling). */
export function parseIpv4(text: string): number | undefined {
  if (text.includes(":")) return undefined;
  const address = parseIpAddress(text);
  return typeof address === "number" ? address : undefined;
}

export function formatIpv4(address: number): string {
  return [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255].join(".");
}

/** CIDR text; bits behind the prefix are ignored, without a prefix it is one address. Undefined: no IPv4 network. */
export function parseIpv4Network(text: string): Ipv4Network | undefined {
  if (text.includes(":")) return undefined;
  const range = parseNetwork(text);
  if (range === undefined || typeof range.first !== "number" || typeof range.last !== "number") {
    return undefined;
  }
  const { first, last } = range;
  return { first, last, prefixLength: 32 - Math.log2(last - first + 1) };
}

/** Always with a prefix length: `192.0.2.7/32`. */
export function formatIpv4Network(network: Ipv4Network): string {
  return `${formatIpv4(network.first)}/${network.prefixLength}`;
}

export function holdsAddress(network: Ipv4Network, address: number): boolean {
  return network.first <= address && address <= network.last;
}

export function holdsNetwork(outer: Ipv4Network, inner: Ipv4Network): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** In order of address, without those that another one holds: what an interval set of the kernel takes. */
export function withoutContained(networks: readonly Ipv4Network[]): readonly Ipv4Network[] {
  const sorted = [...networks].sort((a, b) => a.first - b.first || b.last - a.last);
  const kept: Ipv4Network[] = [];
  for (const network of sorted) {
    const previous = kept.at(-1);
    if (previous === undefined || !holdsNetwork(previous, network)) kept.push(network);
  }
  return kept;
}
