import { isIP, SocketAddress } from "node:net";

/**
 * The address in the form in which sockets report it: IPv6 in lower case and shortest form. Undefined stays so; a text
 * that is no address becomes undefined, so that nothing matches it.
 */
export function canonicalAddress(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  const family = isIP(address);
  if (family === 4) return address;
  return family === 6 ? new SocketAddress({ address, family: "ipv6" }).address : undefined;
}
