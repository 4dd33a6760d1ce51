/** What the tests need of the system besides what the engine needs: other namespaces, frames as they are on the wire. */

import { dlopen } from "node:ffi";
import { closeSync, openSync } from "node:fs";

const networkNamespace = 0x40000000;
const packetFamily = 17;
/** SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC */
const rawSocket = 3 | 0o4000 | 0o2000000;
const everyProtocol = 0x0300;
const internetFamily = 2;
const datagramSocket = 2;
const udpLevel = 17;
const segmentOption = 103;

const { functions } = dlopen(null, {
  setns: { return: "i32", arguments: ["i32", "i32"] },
  socket: { return: "i32", arguments: ["i32", "i32", "i32"] },
  bind: { return: "i32", arguments: ["i32", "buffer", "u32"] },
  recv: { return: "i64", arguments: ["i32", "buffer", "u64", "i32"] },
  send: { return: "i64", arguments: ["i32", "buffer", "u64", "i32"] },
  setsockopt: { return: "i32", arguments: ["i32", "i32", "i32", "buffer", "u32"] },
  connect: { return: "i32", arguments: ["i32", "buffer", "u32"] },
  close: { return: "i32", arguments: ["i32"] },
  if_nametoindex: { return: "u32", arguments: ["string"] },
});

/** Runs something synchronous in a network namespace: sockets that it makes stay there. */
export function inNamespace<T>(name: string, run: () => T): T {
  const home = openSync("/proc/thread-self/ns/net", "r");
  const there = openSync(`/run/netns/${name}`, "r");
  try {
    enter(there);
    return run();
  } finally {
    enter(home);
    closeSync(there);
    closeSync(home);
  }
}

function enter(descriptor: number): void {
  if (functions.setns(descriptor, networkNamespace) !== 0) throw new Error("setns failed");
}

/** A device's frames, as they come and go. To be made inside its namespace. */
export class FrameSocket {
  readonly #descriptor: number;
  readonly #into = Buffer.alloc(70_000);

  constructor(device: string) {
    this.#descriptor = functions.socket(packetFamily, rawSocket, everyProtocol);
    const address = Buffer.alloc(20);
    address.writeUInt16LE(packetFamily, 0);
    address.writeUInt16LE(everyProtocol, 2);
    address.writeUInt32LE(functions.if_nametoindex(device), 4);
    if (this.#descriptor < 0 || functions.bind(this.#descriptor, address, 20) !== 0)
      throw new Error("no frame socket");
  }

  /** Frames that have come since the last time. */
  drain(): Buffer[] {
    const frames: Buffer[] = [];
    for (;;) {
      const bytes = Number(functions.recv(this.#descriptor, this.#into, BigInt(this.#into.length), 0));
      if (bytes < 0) return frames;
      frames.push(Buffer.from(this.#into.subarray(0, bytes)));
    }
  }

  send(frame: Buffer): void {
    if (Number(functions.send(this.#descriptor, frame, BigInt(frame.length), 0)) !== frame.length) {
      throw new Error("a frame was not sent");
    }
  }

  close(): void {
    functions.close(this.#descriptor);
  }
}

/** Sends datagrams of one size as one buffer, which the kernel keeps joined (UDP_SEGMENT). To be called in a namespace. */
export function sendJoined(datagrams: readonly Buffer[], from: string, to: string, port: number): void {
  const descriptor = functions.socket(internetFamily, datagramSocket, 0);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(datagrams[0]?.length ?? 0);
  const data = Buffer.concat(datagrams);
  const isSent =
    functions.bind(descriptor, socketAddress(from, 0), 16) === 0 &&
    functions.connect(descriptor, socketAddress(to, port), 16) === 0 &&
    functions.setsockopt(descriptor, udpLevel, segmentOption, size, 4) === 0 &&
    Number(functions.send(descriptor, data, BigInt(data.length), 0)) === data.length;
  functions.close(descriptor);
  if (!isSent) throw new Error("nothing was sent");
}

function socketAddress(address: string, port: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(internetFamily, 0);
  bytes.writeUInt16BE(port, 2);
  Buffer.from(address.split(".").map(Number)).copy(bytes, 4);
  return bytes;
}
