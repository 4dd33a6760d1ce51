import { isIPv6 } from "node:net";
import { IPv4SocketAddresses } from "./ipv4-socket-addresses.ts";
import { IPv6SocketAddresses } from "./ipv6-socket-addresses.ts";

/**
 * How the addresses of one family stand in the kernel's memory (`sockaddr`) and in texts. An address that comes again costs no
 * object, either way.
 */
export interface SocketAddresses {
  /** AF_INET or AF_INET6. */
  readonly family: number;
  /** Of one `sockaddr`. */
  readonly bytes: number;
  /** The numeric address of the `sockaddr` that begins at `at`, as `node:dgram` would tell it. */
  textAt(memory: Buffer, at: number): string;
  portAt(memory: Buffer, at: number): number;
  /** Writes a `sockaddr` to the beginning. False: that is no numeric address of this family. */
  write(memory: Buffer, address: string, port: number): boolean;
}

const ofIPv4 = new IPv4SocketAddresses();
const ofIPv6 = new IPv6SocketAddresses();

/** The same for the whole process. @param like a numeric address of the family that is asked for */
export function socketAddresses(like: string): SocketAddresses {
  return isIPv6(like) ? ofIPv6 : ofIPv4;
}
