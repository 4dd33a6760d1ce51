import type { SystemCalls } from "./system-calls.ts";

const headerBytes = 16;
const messageTypes = { error: 2, done: 3 } as const;
const flags = { request: 1, dump: 0x300 } as const;
const receiveBytes = 1 << 16;
/** Datagrams of one answer. A kernel that goes on for longer than this is not believed. */
const maximumDatagrams = 10_000;

export interface NetlinkMessage {
  readonly type: number;
  /** After the header. */
  readonly payload: Buffer;
}

export type NetlinkAnswer =
  | { readonly ok: true; readonly messages: readonly NetlinkMessage[] }
  /** The system's error number. */
  | { readonly ok: false; readonly error: number };

/** Questions to the kernel, answered at once. */
export class Netlink {
  readonly #calls: SystemCalls;
  readonly #descriptor: number;
  readonly #received = Buffer.alloc(receiveBytes);
  #sequence = 0;

  private constructor(calls: SystemCalls, descriptor: number) {
    this.#calls = calls;
    this.#descriptor = descriptor;
  }

  /** @throws when the kernel has no such protocol. */
  static open(calls: SystemCalls, protocol: number): Netlink {
    const descriptor = calls.openNetlink(protocol);
    if (descriptor < 0) throw new Error(`netlink protocol ${protocol} is not there (error ${-descriptor})`);
    return new Netlink(calls, descriptor);
  }

  /** One question with one answer. */
  ask(type: number, payload: Buffer): NetlinkAnswer {
    return this.#exchange(type, flags.request, payload);
  }

  /** A question for everything of a kind. */
  dump(type: number, payload: Buffer): NetlinkAnswer {
    return this.#exchange(type, flags.request | flags.dump, payload);
  }

  close(): void {
    this.#calls.close(this.#descriptor);
  }

  #exchange(type: number, withFlags: number, payload: Buffer): NetlinkAnswer {
    this.#sequence = (this.#sequence + 1) >>> 0;
    const request = Buffer.alloc(headerBytes + payload.length);
    request.writeUInt32LE(request.length, 0);
    request.writeUInt16LE(type, 4);
    request.writeUInt16LE(withFlags, 6);
    request.writeUInt32LE(this.#sequence, 8);
    payload.copy(request, headerBytes);
    const sent = this.#calls.send(this.#descriptor, request);
    if (sent < 0) return { ok: false, error: -sent };
    return this.#collect((withFlags & flags.dump) !== 0);
  }

  #collect(isDump: boolean): NetlinkAnswer {
    const messages: NetlinkMessage[] = [];
    for (let datagrams = 0; datagrams < maximumDatagrams; datagrams += 1) {
      const bytes = this.#calls.receive(this.#descriptor, this.#received);
      if (bytes < 0) return { ok: false, error: -bytes };
      for (const { sequence, message } of messagesIn(Buffer.from(this.#received.subarray(0, bytes)))) {
        // An answer to an older question that was given up.
        if (sequence !== this.#sequence) continue;
        if (message.type === messageTypes.done) return { ok: true, messages };
        if (message.type === messageTypes.error) {
          const error = -message.payload.readInt32LE(0);
          return error === 0 ? { ok: true, messages } : { ok: false, error };
        }
        messages.push(message);
        if (!isDump) return { ok: true, messages };
      }
    }
    return { ok: false, error: 0 };
  }
}

function* messagesIn(datagram: Buffer): Generator<{ sequence: number; message: NetlinkMessage }> {
  for (let at = 0; at + headerBytes <= datagram.length; ) {
    const length = datagram.readUInt32LE(at);
    if (length < headerBytes || at + length > datagram.length) return;
    yield {
      sequence: datagram.readUInt32LE(at + 8),
      message: {
        type: datagram.readUInt16LE(at + 4),
        payload: datagram.subarray(at + headerBytes, at + length),
      },
    };
    at += (length + 3) & ~3;
  }
}

/** Attributes by type, from behind a message's fixed part. */
export function attributesIn(payload: Buffer, from: number): ReadonlyMap<number, Buffer> {
  const attributes = new Map<number, Buffer>();
  for (let at = from; at + 4 <= payload.length; ) {
    const length = payload.readUInt16LE(at);
    if (length < 4 || at + length > payload.length) break;
    attributes.set(payload.readUInt16LE(at + 2) & 0x3fff, payload.subarray(at + 4, at + length));
    at += (length + 3) & ~3;
  }
  return attributes;
}

export function attribute(type: number, value: Buffer): Buffer {
  const length = 4 + value.length;
  const bytes = Buffer.alloc((length + 3) & ~3);
  bytes.writeUInt16LE(length, 0);
  bytes.writeUInt16LE(type, 2);
  value.copy(bytes, 4);
  return bytes;
}
