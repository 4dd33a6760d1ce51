import { BlockList, isIP } from "node:net";

/** A compiled list of networks. */
export interface TrustedNetworks {
  has(address: string): boolean;
}

const compiled = new WeakMap<readonly string[], TrustedNetworks>();

/** Compiles a list once for as long as the same array is used. Malformed entries match nothing. */
export function trustedNetworksOf(networks: readonly string[]): TrustedNetworks | undefined {
  if (networks.length === 0) return undefined;
  let known = compiled.get(networks);
  if (known === undefined) {
    known = compile(networks);
    compiled.set(networks, known);
  }
  return known;
}

function compile(networks: readonly string[]): TrustedNetworks {
  const list = new BlockList();
  for (const network of networks) {
    const slash = network.indexOf("/");
    const address = slash === -1 ? network : network.slice(0, slash);
    const family = isIP(address);
    if (family === 0) continue;
    const width = family === 4 ? 32 : 128;
    const prefix = slash === -1 ? width : Number(network.slice(slash + 1));
    if (slash === network.length - 1 || !Number.isInteger(prefix) || prefix < 0 || prefix > width) continue;
    list.addSubnet(address, prefix, family === 4 ? "ipv4" : "ipv6");
  }
  return { has: (address) => list.check(address, address.includes(":") ? "ipv6" : "ipv4") };
}
