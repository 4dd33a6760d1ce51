import type * as Ffi from "node:ffi";

/** MSG_DONTWAIT */
const receiveFlags = 0x40;
/** MSG_DONTWAIT | MSG_NOSIGNAL */
const sendFlags = 0x4040;
/** EPOLL_CLOEXEC, EPOLL_CTL_ADD, EPOLLIN */
const closeOnExec = 0o2000000;
const add = 1;
const readable = 1;
/** Sockets that one look finds. */
export const maximumReadySockets = 64;

/** `struct epoll_event`: packed on x86-64 alone. */
const event = process.arch === "x64" ? { bytes: 12, data: 4 } : { bytes: 16, data: 8 };

/** System calls for many UDP sockets that are read one packet at a time. */
export interface PacketCalls {
  /** An epoll instance. Its descriptor; negative: there is none. */
  openSet(): number;
  /** False: the system has no room for it. */
  addToSet(set: number, descriptor: number): boolean;
  /** How many sockets can be read, at most {@link maximumReadySockets}; negative: an error. */
  findReady(set: number): number;
  /** @param index below what `findReady` said */
  readyAt(index: number): number;
  /** @param message pointer to a `msghdr`. Bytes; negative: there is none. */
  receive(descriptor: number, message: bigint): number;
  /** @param message pointer to a `msghdr`. Bytes; negative: it was not taken. */
  send(descriptor: number, message: bigint): number;
}

export function packetCalls(ffi: typeof Ffi): PacketCalls {
  const { functions } = ffi.dlopen(null, {
    epoll_create1: { return: "i32", arguments: ["i32"] },
    epoll_ctl: { return: "i32", arguments: ["i32", "i32", "i32", "buffer"] },
    epoll_wait: { return: "i32", arguments: ["i32", "pointer", "i32", "i32"] },
    // Calls of up to three arguments are four times as quick as others, pointers quicker than buffers.
    recvmsg: { return: "i32", arguments: ["i32", "pointer", "i32"] },
    sendmsg: { return: "i32", arguments: ["i32", "pointer", "i32"] },
  });
  const ready = Buffer.alloc(maximumReadySockets * event.bytes);
  const readyPointer = ffi.getRawPointer(ready);
  const wanted = Buffer.alloc(event.bytes);
  return {
    openSet: () => functions.epoll_create1(closeOnExec),
    addToSet: (set, descriptor) => {
      wanted.writeUInt32LE(readable, 0);
      wanted.writeUInt32LE(descriptor, event.data);
      return functions.epoll_ctl(set, add, descriptor, wanted) === 0;
    },
    findReady: (set) => functions.epoll_wait(set, readyPointer, maximumReadySockets, 0),
    readyAt: (index) => ready.readUInt32LE(index * event.bytes + event.data),
    receive: (descriptor, message) => functions.recvmsg(descriptor, message, receiveFlags),
    send: (descriptor, message) => functions.sendmsg(descriptor, message, sendFlags),
  };
}
