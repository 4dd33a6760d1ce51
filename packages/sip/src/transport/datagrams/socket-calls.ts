/** System calls for UDP sockets and the watching of a descriptor by the event loop, through `node:ffi`. */

import type * as Ffi from "node:ffi";
import { endianness } from "node:os";
import {
  type DescriptorWatch,
  descriptorWatches,
  type OnDescriptorEvent,
  socketAddressBytes,
} from "@tandem/sockets";
import { batchSize, DatagramBatch } from "./datagram-batch.ts";
import { OutgoingDatagram } from "./outgoing-datagram.ts";

const addressFamilyIPv4 = 2;
/** SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC */
const datagramSocket = 0o2004002;
/** MSG_DONTWAIT | MSG_NOSIGNAL */
const sendFlags = 0x4040;
/** MSG_DONTWAIT */
const receiveFlags = 0x40;
const socketLevel = 1;
const sendBufferOption = 7;
const receiveBufferOption = 8;

/** Minus EAGAIN, minus EINVAL, minus EMSGSIZE. */
export const tryAgain = -11;
export const invalidArgument = -22;
export const messageTooLarge = -90;

/** Where they say "or minus the error number", that is Linux's. */
export interface SocketCalls {
  readonly batch: DatagramBatch;
  readonly outgoing: OutgoingDatagram;
  /** An IPv4 socket. The descriptor, or minus the error number. */
  open(): number;
  /** 0, or minus the error number. */
  bind(descriptor: number, address: Buffer): number;
  localPort(descriptor: number): number;
  /** Asks for both buffers and tells what was granted. */
  askForBuffers(descriptor: number, bytes: number): { readonly receive: number; readonly send: number };
  /** Fills the batch with what is there. Datagrams, or minus the error number. */
  receive(descriptor: number): number;
  /** Sends `outgoing`. Bytes sent, or minus the error number. */
  send(descriptor: number): number;
  close(descriptor: number): void;
  /** @param onEvent must not throw: there is nobody above it */
  watch(descriptor: number, onEvent: OnDescriptorEvent): DescriptorWatch;
}

let shared: Promise<SocketCalls | string> | undefined;

/** The same for all sockets of the process; a text says why there are none. */
export function socketCalls(): Promise<SocketCalls | string> {
  shared ??= loaded();
  return shared;
}

async function loaded(): Promise<SocketCalls | string> {
  if (process.platform !== "linux" || !["x64", "arm64"].includes(process.arch) || endianness() !== "LE") {
    return `no native sockets on ${process.platform}, ${process.arch}`;
  }
  try {
    return bound(await import("node:ffi"));
  } catch (error) {
    return `node:ffi: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function bound(ffi: typeof Ffi): SocketCalls {
  const { functions } = ffi.dlopen(null, {
    socket: { return: "i32", arguments: ["i32", "i32", "i32"] },
    bind: { return: "i32", arguments: ["i32", "buffer", "u32"] },
    getsockname: { return: "i32", arguments: ["i32", "buffer", "buffer"] },
    setsockopt: { return: "i32", arguments: ["i32", "i32", "i32", "buffer", "u32"] },
    getsockopt: { return: "i32", arguments: ["i32", "i32", "i32", "buffer", "buffer"] },
    recvmmsg: { return: "i32", arguments: ["i32", "pointer", "u32", "i32", "pointer"] },
    // Calls of up to three arguments are four times as quick as sendto(2) with its six, pointers quicker than buffers.
    sendmsg: { return: "i32", arguments: ["i32", "pointer", "i32"] },
    close: { return: "i32", arguments: ["i32"] },
    __errno_location: { return: "pointer", arguments: [] },
  });
  const orError = (result: number): number =>
    result < 0 ? -ffi.getInt32(functions.__errno_location()) : result;
  const batch = new DatagramBatch((buffer) => ffi.getRawPointer(buffer));
  const outgoing = new OutgoingDatagram((buffer) => ffi.getRawPointer(buffer));
  const batchPointer = ffi.getRawPointer(batch.headers);
  const outgoingPointer = ffi.getRawPointer(outgoing.header);
  const number = Buffer.alloc(4);
  const length = Buffer.alloc(4);
  const option = (descriptor: number, name: number, bytes: number): number => {
    number.writeInt32LE(bytes);
    functions.setsockopt(descriptor, socketLevel, name, number, number.length);
    length.writeUInt32LE(number.length);
    functions.getsockopt(descriptor, socketLevel, name, number, length);
    return number.readInt32LE();
  };
  return {
    batch,
    outgoing,
    open: () => orError(functions.socket(addressFamilyIPv4, datagramSocket, 0)),
    bind: (descriptor, address) => orError(functions.bind(descriptor, address, address.length)),
    localPort: (descriptor) => {
      const address = Buffer.alloc(socketAddressBytes);
      length.writeUInt32LE(address.length);
      functions.getsockname(descriptor, address, length);
      return address.readUInt16BE(2);
    },
    askForBuffers: (descriptor, bytes) => ({
      receive: option(descriptor, receiveBufferOption, bytes),
      send: option(descriptor, sendBufferOption, bytes),
    }),
    receive: (descriptor) =>
      orError(functions.recvmmsg(descriptor, batchPointer, batchSize, receiveFlags, 0n)),
    send: (descriptor) => orError(functions.sendmsg(descriptor, outgoingPointer, sendFlags)),
    close: (descriptor) => {
      functions.close(descriptor);
    },
    watch: descriptorWatches(ffi),
  };
}
