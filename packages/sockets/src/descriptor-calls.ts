import type * as Ffi from "node:ffi";
import { endianness } from "node:os";
import { getSystemErrorName } from "node:util";

/** System calls that Node has no function for, through `node:ffi`. What fails is told by the name of the system's error. */
export interface DescriptorCalls {
  /** An unbound UDP socket. Its descriptor, or the error's name. */
  openDatagramSocket(family: number): number | string;
  setNumber(descriptor: number, level: number, option: number, value: number): string | undefined;
  /** Undefined: there is no such option on this descriptor. */
  number(descriptor: number, level: number, option: number): number | undefined;
  /** @param address a `sockaddr` */
  bind(descriptor: number, address: Buffer): string | undefined;
  /** Writes the bytes of a numeric address. False: it is none of that family. */
  writeAddress(family: number, address: string, into: Buffer): boolean;
  close(descriptor: number): void;
}

/** SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC */
const datagramSocket = 0o2004002;

let shared: DescriptorCalls | string | undefined;

/** The same for the whole process; a text says why there are none. */
export function descriptorCalls(): DescriptorCalls | string {
  shared ??= loaded();
  return shared;
}

function loaded(): DescriptorCalls | string {
  if (process.platform !== "linux" || !["x64", "arm64"].includes(process.arch) || endianness() !== "LE") {
    return `no system calls known for ${process.platform} on ${process.arch}`;
  }
  try {
    const ffi = process.getBuiltinModule("node:ffi");
    return ffi === undefined ? "this Node has no node:ffi" : bound(ffi);
  } catch (error) {
    return `node:ffi: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function bound(ffi: typeof Ffi): DescriptorCalls {
  const { functions } = ffi.dlopen(null, {
    socket: { return: "i32", arguments: ["i32", "i32", "i32"] },
    setsockopt: { return: "i32", arguments: ["i32", "i32", "i32", "buffer", "u32"] },
    getsockopt: { return: "i32", arguments: ["i32", "i32", "i32", "buffer", "buffer"] },
    bind: { return: "i32", arguments: ["i32", "buffer", "u32"] },
    inet_pton: { return: "i32", arguments: ["i32", "string", "buffer"] },
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
    writeAddress: (family, address, into) => functions.inet_pton(family, address, into) === 1,
    close: (descriptor) => {
      functions.close(descriptor);
    },
  };
}
