import { BlockList } from "node:net";
import type { Resolver } from "@tandem/sip/locate";
import { isPrivateHost } from "../egress/redirect-policy.ts";

/**
 * IPv6 that is not what it says: addresses of IPv4 in a wrapping, be it a private one's (RFC 6052, RFC 3056, RFC 4380, RFC 8215).
 */
const wrapped = new BlockList();
for (const [address, prefix] of [
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["2001::", 32],
  ["2002::", 16],
] as const) {
  wrapped.addSubnet(address, prefix, "ipv6");
}

/**
 * The address that a certificate is fetched from: the first of the name, if all of them are on the internet. Somebody who calls
 * chooses the name, and may be its DNS server too: nothing of our own network, this host or the cloud's is to be reached by it.
 * The connection goes to this address and asks no DNS again.
 */
export async function repositoryAddress(host: string, resolver: Resolver): Promise<string | undefined> {
  const four = await resolver.a(host);
  const six = four.ok && four.records.length > 0 ? four : await resolver.aaaa(host);
  if (!six.ok) return undefined;
  const addresses = six.records.map(({ address }) => address);
  return addresses.every(isOnTheInternet) ? addresses[0] : undefined;
}

function isOnTheInternet(address: string): boolean {
  return !isPrivateHost(address) && !(address.includes(":") && wrapped.check(address, "ipv6"));
}
