import type * as Ffi from "node:ffi";
import { getSystemErrorName } from "node:util";
import { withForeignFunctions } from "./foreign-functions.ts";

/** Levels of socket options: SOL_SOCKET, IPPROTO_IP, IPPROTO_IPV6. */
export const level = { socket: 1, IPv4: 0, IPv6: 41 } as const;

/** System calls that Node has no function for. What fails is told by the name of the system's error. */
export interface DescriptorCalls {
  /** An unbound UDP socket. Its descriptor, or the error's name. */
  openDatagramSocket(family: number): number | string;
  setNumber(descriptor: number, level: number, option: number, value: number): string | undefined;
  /** Undefined: there is no such option on this descriptor. */
  number(descriptor: number, level: number, option: number): number | undefined;
  /** @param address a `sockaddr` */
  bind(descriptor: number, address: Buffer): string | undefined;
  /** Of a bound socket. */
  localPort(descriptor: number): number;
  close(descriptor: number): void;
}

/** SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC */
const datagramSocket = 0o2004002;
/** Room for a `sockaddr` of either family, and where both have the port. */
const name = { bytes: 28, port: 2 } as const;

export const descriptorCalls: () => DescriptorCalls | string = withForeignFunctions(bound);

function bound(ffi: typeof Ffi): DescriptorCalls {
  const { functions } = ffi.dlopen(null, {
    socket: { return: "i32", arguments: ["i32", "i32", "i32"] },
    setsockopt: { return: "i32", arguments: ["i32", "i32", "i32", "buffer", "u32"] },
    getsockopt: { return: "i32", arguments: ["i32", "i32", "i32", "buffer", "buffer"] },
    bind: { return: "i32", arguments: ["i32", "buffer", "u32"] },
    getsockname: { return: "i32", arguments: ["i32", "buffer", "buffer"] },
    close: { return: "i32", arguments: ["i32"] },
    __errno_location: { return: "pointer", arguments: [] },
  });
  const lastError = (): string => getSystemErrorName(-ffi.getInt32(functions.__errno_location()));
  const value = Buffer.alloc(4);
  const length = Buffer.alloc(4);
  return {
    openDatagramSocket: (family) => {
      const descriptor = functions.socket(family, datagramSocket, 0);
      return descriptor < 0 ? lastError() : descriptor;
    },
    setNumber: (descriptor, level, option, number) => {
      value.writeInt32LE(number);
      const result = functions.setsockopt(descriptor, level, option, value, value.length);
      return result < 0 ? lastError() : undefined;
    },
    number: (descriptor, level, option) => {
      length.writeUInt32LE(value.length);
      const result = functions.getsockopt(descriptor, level, option, value, length);
      return result < 0 ? undefined : value.readInt32LE();
    },
    bind: (descriptor, address) =>
      functions.bind(descriptor, address, address.length) < 0 ? lastError() : undefined,
    localPort: (descriptor) => {
      const address = Buffer.alloc(name.bytes);
      length.writeUInt32LE(address.length);
      functions.getsockname(descriptor, address, length);
      return address.readUInt16BE(name.port);
    },
    close: (descriptor) => {
      functions.close(descriptor);
    },
  };
}
