/**
 * An IP address in a form that compares quickly: IPv4 as a number, IPv6 as a string of its eight 16-bit groups (one
 * UTF-16 unit each). Within a family `<` orders addresses. IPv4-mapped IPv6 addresses become IPv4, because a dual-stack
 * socket reports IPv4 peers in that form.
 */
export type IpAddress = number | string;

/** Reads a textual address without brackets and without zone; undefined: it is none. */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (!text.includes(":")) return parseIpv4(text);
  const groups = parseIpv6Groups(text);
  if (groups === undefined) return undefined;
  return isMapped(groups) ? mappedIpv4(groups) : String.fromCharCode(...groups);
}

/** Reads dotted decimal; leading zeros are refused because some read them as octal. */
export function parseIpv4(text: string): number | undefined {
  let address = 0;
  let octet = -1;
  let dots = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x2e) {
      if (octet < 0) return undefined;
      address = address * 256 + octet;
      octet = -1;
      dots++;
      continue;
    }
    if (code < 0x30 || code > 0x39 || octet === 0) return undefined;
    octet = octet < 0 ? code - 0x30 : octet * 10 + code - 0x30;
    if (octet > 255) return undefined;
  }
  return dots === 3 && octet >= 0 ? address * 256 + octet : undefined;
}

/** Reads RFC 4291 §2.2 text into eight groups. */
export function parseIpv6Groups(text: string): readonly number[] | undefined {
  const gap = text.indexOf("::");
  if (gap < 0) {
    const groups = parseGroups(text);
    return groups?.length === 8 ? groups : undefined;
  }
  const head = gap === 0 ? [] : parseGroups(text.slice(0, gap));
  const tail = gap + 2 === text.length ? [] : parseGroups(text.slice(gap + 2));
  // An embedded IPv4 address may only stand last.
  if (head === undefined || tail === undefined || text.slice(0, gap).includes(".")) return undefined;
  const missing = 8 - head.length - tail.length;
  return missing < 1 ? undefined : [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

/** Whether the groups are in ::ffff:0:0/96. */
export function isMapped(groups: readonly number[]): boolean {
  return groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
}

/** The IPv4 address in the last two groups. */
export function mappedIpv4(groups: readonly number[]): number {
  return (groups[6] ?? 0) * 65536 + (groups[7] ?? 0);
}

function parseGroups(text: string): number[] | undefined {
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    if (part.includes(".")) {
      const ipv4 = index === parts.length - 1 ? parseIpv4(part) : undefined;
      if (ipv4 === undefined) return undefined;
      groups.push(Math.floor(ipv4 / 65536), ipv4 % 65536);
      continue;
    }
    if (!/^[0-9a-f]{1,4}$/i.test(part)) return undefined;
    groups.push(Number.parseInt(part, 16));
  }
  return groups.length <= 8 ? groups : undefined;
}
