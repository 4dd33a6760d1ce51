import { type IpAddress, parseIpAddress } from "@tandem/routing";

/** The network that a source is counted under: /24 or /56, what one customer or attacker can choose addresses from. */
export function sourceNetwork(address: string): string {
  const parsed: IpAddress | undefined = parseIpAddress(address.split("%", 1)[0] ?? "");
  if (parsed === undefined) return address;
  if (typeof parsed === "number") {
    return `${Math.floor(parsed / 2 ** 24)}.${(parsed >>> 16) & 0xff}.${(parsed >>> 8) & 0xff}.0/24`;
  }
  const groups = [0, 1, 2, 3].map((index) => parsed.charCodeAt(index));
  return `${[...groups.slice(0, 3), (groups[3] ?? 0) & 0xff00].map((group) => group.toString(16)).join(":")}::/56`;
}
