import { isIPv6, SocketAddress } from "node:net";
import { ipv4Number } from "./ipv4-number.ts";

/**
 * The address in the form in which sockets report it: IPv6 in lower case and shortest form. Undefined stays so; a text
 * that is no address becomes undefined, so that nothing matches it.
 */
export function canonicalAddress(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  if (ipv4Number(address) >= 0) return address;
  return isIPv6(address) ? new SocketAddress({ address, family: "ipv6" }).address : undefined;
}
