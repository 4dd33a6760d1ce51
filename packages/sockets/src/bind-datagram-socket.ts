import { isIPv6 } from "node:net";
import { type DescriptorCalls, descriptorCalls, level } from "./descriptor-calls.ts";
import { socketAddresses } from "./socket-address.ts";

/** IPV6_V6ONLY */
const ipv6Only = 26;

/**
 * A bound UDP socket, by its descriptor: to be read by this package, or by `node:dgram` (`bind({ fd })`), which tells nobody the
 * descriptor of a socket of its own. An IPv6 socket takes no IPv4.
 *
 * The name of the system's error when the address or port cannot be had. Undefined: not here, or not a numeric address;
 * `node:dgram` may bind it by itself.
 *
 * @param address numeric
 * @param port 0: the system chooses
 */
export function bindDatagramSocket(address: string, port: number): number | string | undefined {
  const calls = descriptorCalls();
  if (typeof calls === "string") return undefined;
  const addresses = socketAddresses(address);
  const socketAddress = Buffer.alloc(addresses.bytes);
  if (!addresses.write(socketAddress, address, port)) return undefined;
  const descriptor = calls.openDatagramSocket(addresses.family);
  if (typeof descriptor === "string") return descriptor;
  const failure = bound(calls, descriptor, isIPv6(address), socketAddress);
  if (failure === undefined) return descriptor;
  calls.close(descriptor);
  return failure;
}

function bound(
  calls: DescriptorCalls,
  descriptor: number,
  isSix: boolean,
  address: Buffer,
): string | undefined {
  const refused = isSix ? calls.setNumber(descriptor, level.IPv6, ipv6Only, 1) : undefined;
  return refused ?? calls.bind(descriptor, address);
}
