import type * as Ffi from "node:ffi";
import { withForeignFunctions } from "./foreign-functions.ts";

/** System calls that take a `Messages`. They never wait. */
export interface MessageCalls {
  /** Where a buffer's bytes are. They stay there as long as the buffer lives. */
  readonly pointerTo: (buffer: Buffer) => bigint;
  /** Bytes, or minus the error number. */
  receive(descriptor: number, message: bigint): number;
  /** Fills `count` messages, as far as there are datagrams. How many, or minus the error number. */
  receiveMany(descriptor: number, messages: bigint, count: number): number;
  /** Bytes sent, or minus the error number. */
  send(descriptor: number, message: bigint): number;
}

/** MSG_DONTWAIT */
const receiveFlags = 0x40;
/** MSG_DONTWAIT | MSG_NOSIGNAL */
const sendFlags = 0x4040;

export const messageCalls: () => MessageCalls | string = withForeignFunctions(bound);

function bound(ffi: typeof Ffi): MessageCalls {
  const { functions } = ffi.dlopen(null, {
    recvmmsg: { return: "i32", arguments: ["i32", "pointer", "u32", "i32", "pointer"] },
    // Calls of up to three arguments are four times as quick as sendto(2) with its six, pointers quicker than buffers.
    recvmsg: { return: "i32", arguments: ["i32", "pointer", "i32"] },
    sendmsg: { return: "i32", arguments: ["i32", "pointer", "i32"] },
    __errno_location: { return: "pointer", arguments: [] },
  });
  const orError = (result: number): number =>
    result < 0 ? -ffi.getInt32(functions.__errno_location()) : result;
  return {
    pointerTo: (buffer) => ffi.getRawPointer(buffer),
    receive: (descriptor, message) => orError(functions.recvmsg(descriptor, message, receiveFlags)),
    receiveMany: (descriptor, messages, count) =>
      orError(functions.recvmmsg(descriptor, messages, count, receiveFlags, 0n)),
    send: (descriptor, message) => orError(functions.sendmsg(descriptor, message, sendFlags)),
  };
}
