/** System calls that Node has no function for, through `node:ffi`. Everything here is synchronous and takes microseconds. */

import type * as Ffi from "node:ffi";

/** Number of bpf(2) by architecture. */
const bpfNumbers: Readonly<Record<string, number>> = { x64: 321, arm64: 280 };
const clockMonotonic = 1;
const addressFamilyNetlink = 16;
/** SOCK_RAW | SOCK_CLOEXEC */
const rawSocket = 0o2000003;
const socketLevel = 1;
const receiveTimeoutOption = 20;

export const errorNumbers = { ENOENT: 2, EEXIST: 17, EINVAL: 22, ENOSPC: 28 } as const;

export interface SystemCalls {
  /** bpf(2). The result, or minus the error number. */
  bpf(command: number, attributes: Buffer): number;
  /** Opens a netlink socket. The descriptor, or minus the error number. */
  openNetlink(protocol: number): number;
  /** Sends one request. Bytes sent, or minus the error number. */
  send(descriptor: number, message: Buffer): number;
  /** Receives one datagram, waiting for a second at most. Bytes received, or minus the error number. */
  receive(descriptor: number, into: Buffer): number;
  close(descriptor: number): void;
  /** Where a buffer's bytes are. They stay there as long as the buffer lives. */
  pointerTo(buffer: Buffer): bigint;
  /** CLOCK_MONOTONIC, as the kernel's programs read it. */
  monotonicNs(): bigint;
}

/** A text says why there are none. */
export async function systemCalls(): Promise<SystemCalls | string> {
  const number = bpfNumbers[process.arch];
  if (process.platform !== "linux" || number === undefined) {
    return `no bpf(2) known for ${process.platform} on ${process.arch}`;
  }
  try {
    return bind(await import("node:ffi"), number);
  } catch (error) {
    return `node:ffi: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function bind(ffi: typeof Ffi, bpfNumber: number): SystemCalls {
  const { functions } = ffi.dlopen(null, {
    syscall: { return: "i32", arguments: ["i64", "i64", "buffer", "u64"] },
    socket: { return: "i32", arguments: ["i32", "i32", "i32"] },
    setsockopt: { return: "i32", arguments: ["i32", "i32", "i32", "buffer", "u32"] },
    send: { return: "i64", arguments: ["i32", "buffer", "u64", "i32"] },
    recv: { return: "i64", arguments: ["i32", "buffer", "u64", "i32"] },
    close: { return: "i32", arguments: ["i32"] },
    clock_gettime: { return: "i32", arguments: ["i32", "buffer"] },
    __errno_location: { return: "pointer", arguments: [] },
  });
  const orError = (result: number | bigint): number =>
    result < 0 ? -ffi.getInt32(functions.__errno_location()) : Number(result);
  const time = Buffer.alloc(16);
  return {
    bpf: (command, attributes) =>
      orError(functions.syscall(BigInt(bpfNumber), BigInt(command), attributes, BigInt(attributes.length))),
    openNetlink: (protocol) => {
      const descriptor = orError(functions.socket(addressFamilyNetlink, rawSocket, protocol));
      const second = Buffer.alloc(16);
      second.writeBigInt64LE(1n, 0);
      if (descriptor >= 0) functions.setsockopt(descriptor, socketLevel, receiveTimeoutOption, second, 16);
      return descriptor;
    },
    send: (descriptor, message) => orError(functions.send(descriptor, message, BigInt(message.length), 0)),
    receive: (descriptor, into) => orError(functions.recv(descriptor, into, BigInt(into.length), 0)),
    close: (descriptor) => {
      functions.close(descriptor);
    },
    pointerTo: (buffer) => ffi.getRawPointer(buffer),
    monotonicNs: () => {
      functions.clock_gettime(clockMonotonic, time);
      return time.readBigInt64LE(0) * 1_000_000_000n + time.readBigInt64LE(8);
    },
  };
}
