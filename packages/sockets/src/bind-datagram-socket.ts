import { isIPv6 } from "node:net";
import { addressFamily, level } from "./address-family.ts";
import { type DescriptorCalls, descriptorCalls } from "./descriptor-calls.ts";

/** IPV6_V6ONLY */
const ipv6Only = 26;
/** Bytes of `sockaddr_in` and `sockaddr_in6`, and where the address stands in them. */
const shape = { IPv4: { bytes: 16, address: 4 }, IPv6: { bytes: 28, address: 8 } } as const;

/**
 * A bound UDP socket for `node:dgram` to take over (`bind({ fd })`), so that its descriptor is known: node:dgram tells nobody.
 * An IPv6 socket takes no IPv4.
 *
 * The name of the system's error when the address or port cannot be had. Undefined: not here, or not for such an address
 * (one with a zone); `node:dgram` may bind it by itself.
 *
 * @param address numeric
 * @param port 0: the system chooses
 */
export function bindDatagramSocket(address: string, port: number): number | string | undefined {
  const calls = descriptorCalls();
  if (typeof calls === "string") return undefined;
  const family = isIPv6(address) ? "IPv6" : "IPv4";
  const socketAddress = Buffer.alloc(shape[family].bytes);
  const bytes = socketAddress.subarray(shape[family].address);
  if (!calls.writeAddress(addressFamily[family], address, bytes)) return undefined;
  socketAddress.writeUInt16LE(addressFamily[family], 0);
  socketAddress.writeUInt16BE(port, 2);
  const descriptor = calls.openDatagramSocket(addressFamily[family]);
  if (typeof descriptor === "string") return descriptor;
  const failure = bound(calls, descriptor, family, socketAddress);
  if (failure === undefined) return descriptor;
  calls.close(descriptor);
  return failure;
}

function bound(
  calls: DescriptorCalls,
  descriptor: number,
  family: "IPv4" | "IPv6",
  address: Buffer,
): string | undefined {
  const refused = family === "IPv6" ? calls.setNumber(descriptor, level.IPv6, ipv6Only, 1) : undefined;
  return refused ?? calls.bind(descriptor, address);
}
