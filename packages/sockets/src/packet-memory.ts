import { socketAddressBytes } from "./socket-address.ts";

/** A UDP datagram is never longer. */
export const maximumPacketBytes = 65_536;
/** Lengths up to here have one view each that stays: no media packet is longer, and none makes an object. */
const keptViews = 2048;

/** `struct msghdr` and `struct iovec` of 64-bit Linux, in bytes. */
const message = { bytes: 56, name: 0, nameLength: 8, vector: 16, vectorLength: 24 } as const;
const vector = { bytes: 16, base: 0, length: 8 } as const;
/** In a `sockaddr_in`. */
const name = { port: 2, address: 4 } as const;

/** A packet and an address for recvmsg(2) or sendmsg(2). Its pieces point to each other: who hands it out keeps it alive. */
export class PacketMemory {
  readonly header = Buffer.alloc(message.bytes);
  readonly bytes: Buffer<ArrayBuffer>;
  readonly name = Buffer.alloc(socketAddressBytes);
  readonly #vector = Buffer.alloc(vector.bytes);
  readonly #views: Buffer[] = [];

  /**
   * @param pointerTo where a buffer's bytes are
   * @param bytes memory of the packet, {@link maximumPacketBytes}; its own when left out
   */
  constructor(pointerTo: (buffer: Buffer) => bigint, bytes = Buffer.allocUnsafeSlow(maximumPacketBytes)) {
    this.bytes = bytes;
    this.#vector.writeBigUInt64LE(pointerTo(bytes), vector.base);
    this.length = bytes.length;
    this.header.writeBigUInt64LE(pointerTo(this.name), message.name);
    this.header.writeUInt32LE(socketAddressBytes, message.nameLength);
    this.header.writeBigUInt64LE(pointerTo(this.#vector), message.vector);
    this.header.writeBigUInt64LE(1n, message.vectorLength);
  }

  /** Of the packet to send, or of the room for one. */
  set length(length: number) {
    this.#vector.writeUInt32LE(length, vector.length);
  }

  /** The first bytes; the same object each time. */
  view(length: number): Buffer {
    const kept = this.#views[length];
    if (kept !== undefined) return kept;
    const view = this.bytes.subarray(0, length);
    if (length <= keptViews) this.#views[length] = view;
    return view;
  }

  /** The four bytes of the address, the first one highest. */
  get address(): number {
    return this.name.readUInt32BE(name.address);
  }

  get port(): number {
    return this.name.readUInt16BE(name.port);
  }
}
