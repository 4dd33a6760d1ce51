import { isIPv6, SocketAddress } from "node:net";
import { ipv4Number } from "../ipv4-number.ts";

/** Addresses in the program are IPv6, IPv4 as ::ffff:a.b.c.d. */
export const addressBytes = 16;

/** Undefined: the text is no address. */
export function mappedAddress(text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined;
  const ipv4 = ipv4Number(text);
  if (ipv4 >= 0) {
    const mapped = Buffer.alloc(addressBytes);
    mapped.writeUInt16BE(0xffff, 10);
    mapped.writeUInt32BE(ipv4, 12);
    return mapped;
  }
  return isIPv6(text) ? ipv6Bytes(new SocketAddress({ address: text, family: "ipv6" }).address) : undefined;
}

/** In the form in which sockets report it. */
export function addressText(mapped: Buffer): string {
  if (isMappedIpv4(mapped)) return mapped.subarray(12, 16).join(".");
  const groups: string[] = [];
  for (let at = 0; at < addressBytes; at += 2) groups.push(mapped.readUInt16BE(at).toString(16));
  return new SocketAddress({ address: groups.join(":"), family: "ipv6" }).address;
}

export function isMappedIpv4(mapped: Buffer): boolean {
  return mapped.readUInt32BE(8) === 0xffff && mapped.readBigUInt64BE(0) === 0n;
}

export function writeAddress(into: Buffer, at: number, mapped: Buffer): void {
  mapped.copy(into, at, 0, addressBytes);
}

/** From the shortest form; a dotted end counts as two groups. */
function ipv6Bytes(text: string): Buffer {
  const zone = text.indexOf("%");
  const [head = "", tail] = (zone === -1 ? text : text.slice(0, zone)).split("::");
  const bytes = Buffer.alloc(addressBytes);
  const front = groupsOf(head);
  const back = tail === undefined ? [] : groupsOf(tail);
  front.forEach((group, index) => bytes.writeUInt16BE(group, index * 2));
  back.forEach((group, index) => bytes.writeUInt16BE(group, addressBytes - (back.length - index) * 2));
  return bytes;
}

function groupsOf(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (!group.includes(".")) return [Number.parseInt(group, 16)];
    const ipv4 = ipv4Number(group);
    return [ipv4 >>> 16, ipv4 & 0xffff];
  });
}
