import { type IpRange as AddressRange, parseIpAddress, parseNetwork } from "@tandem/routing";

/**
 * Reads CIDR text or an address; undefined when it is neither, when bits behind the prefix are not 0, or when it is IPv4
 * in IPv6's clothes.
 */
export function readNetwork(text: string): AddressRange | undefined {
  const range = parseNetwork(text);
  const [address = ""] = text.split("/", 1);
  if (range === undefined || range.first !== parseIpAddress(address)) return undefined;
  return text.includes(":") && typeof range.first === "number" ? undefined : range;
}

/** Networks of different families share no address. */
export function overlap(one: AddressRange, other: AddressRange): boolean {
  return typeof one.first === typeof other.first && one.first <= other.last && other.first <= one.last;
}

export function holds(network: AddressRange, part: AddressRange): boolean {
  return (
    typeof network.first === typeof part.first && network.first <= part.first && part.last <= network.last
  );
}

/** An address becomes the network of itself: `/32` or `/128`. */
export function cidrText(text: string): string {
  const network = text.toLowerCase();
  if (network.includes("/")) return network;
  return `${network}/${network.includes(":") ? 128 : 32}`;
}

export function prefixLengthOf(text: string): number {
  return Number(cidrText(text).split("/")[1]);
}
