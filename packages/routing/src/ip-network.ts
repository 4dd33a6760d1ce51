import { type IpAddress, isMapped, mappedIpv4, parseIpv4, parseIpv6Groups } from "./ip-address.ts";

/** First and last address of a network; both of one family. */
export interface IpRange {
  readonly first: IpAddress;
  readonly last: IpAddress;
}

/**
 * Reads CIDR text; without a prefix length it is one address. Bits behind the prefix are ignored. An IPv4-mapped IPv6
 * network is the IPv4 network; a shorter IPv6 prefix such as `::/0` holds no IPv4 address. Undefined: not a network.
 */
export function parseNetwork(text: string): IpRange | undefined {
  const slash = text.indexOf("/");
  const address = slash < 0 ? text : text.slice(0, slash);
  if (!address.includes(":")) {
    const length = slash < 0 ? 32 : prefixLength(text.slice(slash + 1), 32);
    const ipv4 = parseIpv4(address);
    return ipv4 === undefined || length === undefined ? undefined : ipv4Range(ipv4, length);
  }
  const length = slash < 0 ? 128 : prefixLength(text.slice(slash + 1), 128);
  const groups = parseIpv6Groups(address);
  if (groups === undefined || length === undefined) return undefined;
  if (length >= 96 && isMapped(groups)) return ipv4Range(mappedIpv4(groups), length - 96);
  return ipv6Range(groups, length);
}

function prefixLength(text: string, maximum: number): number | undefined {
  if (!/^(0|[1-9]\d{0,2})$/.test(text)) return undefined;
  const length = Number(text);
  return length <= maximum ? length : undefined;
}

function ipv4Range(address: number, length: number): IpRange {
  const size = 2 ** (32 - length);
  const first = Math.floor(address / size) * size;
  return { first, last: first + size - 1 };
}

function ipv6Range(groups: readonly number[], length: number): IpRange {
  const first: number[] = [];
  const last: number[] = [];
  for (const [index, group] of groups.entries()) {
    const bits = Math.min(16, Math.max(0, length - index * 16));
    const hostMask = 0xffff >> bits;
    first.push(group & ~hostMask & 0xffff);
    last.push(group | hostMask);
  }
  return { first: String.fromCharCode(...first), last: String.fromCharCode(...last) };
}
