import type * as Ffi from "node:ffi";
import { getSystemErrorName } from "node:util";
import { withForeignFunctions } from "./foreign-functions.ts";

/** EPOLL_CLOEXEC, EPOLL_CTL_ADD, EPOLLIN */
const closeOnExec = 0o2000000;
const add = 1;
const readable = 1;
/** Sockets that one look finds. */
export const maximumReadySockets = 64;

/** `struct epoll_event`: packed on x86-64 alone. */
const event = process.arch === "x64" ? { bytes: 12, data: 4 } : { bytes: 16, data: 8 };

/** epoll(7): which of many descriptors can be read. What fails is told by the name of the system's error. */
export interface ReadyCalls {
  /** The descriptor of a set. */
  openSet(): number | string;
  addToSet(set: number, descriptor: number): string | undefined;
  /** How many can be read, at most {@link maximumReadySockets}; negative: an error. */
  findReady(set: number): number;
  /** @param index below what `findReady` said */
  readyAt(index: number): number;
}

export const readyCalls: () => ReadyCalls | string = withForeignFunctions(bound);

function bound(ffi: typeof Ffi): ReadyCalls {
  const { functions } = ffi.dlopen(null, {
    epoll_create1: { return: "i32", arguments: ["i32"] },
    epoll_ctl: { return: "i32", arguments: ["i32", "i32", "i32", "buffer"] },
    epoll_wait: { return: "i32", arguments: ["i32", "pointer", "i32", "i32"] },
    __errno_location: { return: "pointer", arguments: [] },
  });
  const lastError = (): string => getSystemErrorName(-ffi.getInt32(functions.__errno_location()));
  const ready = Buffer.alloc(maximumReadySockets * event.bytes);
  const readyPointer = ffi.getRawPointer(ready);
  const wanted = Buffer.alloc(event.bytes);
  return {
    openSet: () => {
      const set = functions.epoll_create1(closeOnExec);
      return set < 0 ? lastError() : set;
    },
    addToSet: (set, descriptor) => {
      wanted.writeUInt32LE(readable, 0);
      wanted.writeUInt32LE(descriptor, event.data);
      return functions.epoll_ctl(set, add, descriptor, wanted) < 0 ? lastError() : undefined;
    },
    findReady: (set) => functions.epoll_wait(set, readyPointer, maximumReadySockets, 0),
    readyAt: (index) => ready.readUInt32LE(index * event.bytes + event.data),
  };
}
