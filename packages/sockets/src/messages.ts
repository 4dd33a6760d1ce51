import type { SocketAddresses } from "./socket-address.ts";

/** A UDP datagram is never longer. */
export const maximumDatagramBytes = 65_536;

/**
 * `struct mmsghdr` and `struct iovec` of 64-bit Linux, in bytes. A `mmsghdr` begins with the `msghdr`: of one message either
 * call takes the same pointer.
 */
const header = { bytes: 64, name: 0, nameLength: 8, vector: 16, vectorLength: 24, length: 56 } as const;
const vector = { bytes: 16, base: 0, length: 8 } as const;

/**
 * Datagrams and their addresses, for recvmsg(2), recvmmsg(2) and sendmsg(2). The pieces point to each other: who hands
 * `pointer` to the kernel keeps this alive.
 */
export class Messages {
  /** Of the first `mmsghdr`. */
  readonly pointer: bigint;
  /** The array of `mmsghdr`. */
  readonly headers: Buffer;
  readonly #addresses: SocketAddresses;
  readonly #vectors: Buffer;
  readonly #names: Buffer;
  readonly #nameBytes: number;

  /**
   * @param pointerTo where a buffer's bytes are
   * @param bytes of all datagrams, one behind the other, each with the same room
   */
  constructor(pointerTo: (buffer: Buffer) => bigint, addresses: SocketAddresses, bytes: Buffer, count = 1) {
    this.#addresses = addresses;
    this.#nameBytes = addresses.bytes;
    this.headers = Buffer.alloc(count * header.bytes);
    this.#vectors = Buffer.alloc(count * vector.bytes);
    this.#names = Buffer.alloc(count * addresses.bytes);
    this.pointer = pointerTo(this.headers);
    const room = bytes.length / count;
    for (let index = 0; index < count; index++) {
      const vectorAt = index * vector.bytes;
      this.#vectors.writeBigUInt64LE(pointerTo(bytes) + BigInt(index * room), vectorAt + vector.base);
      this.#vectors.writeBigUInt64LE(BigInt(room), vectorAt + vector.length);
      const headerAt = index * header.bytes;
      const nameAt = BigInt(index * addresses.bytes);
      this.headers.writeBigUInt64LE(pointerTo(this.#names) + nameAt, headerAt + header.name);
      this.headers.writeUInt32LE(addresses.bytes, headerAt + header.nameLength);
      this.headers.writeBigUInt64LE(pointerTo(this.#vectors) + BigInt(vectorAt), headerAt + header.vector);
      this.headers.writeBigUInt64LE(1n, headerAt + header.vectorLength);
    }
  }

  /** What recvmmsg(2) has told. */
  lengthOf(index: number): number {
    return this.headers.readUInt32LE(index * header.bytes + header.length);
  }

  /** Where a datagram came from. */
  addressOf(index: number): string {
    return this.#addresses.textAt(this.#names, index * this.#nameBytes);
  }

  portOf(index: number): number {
    return this.#addresses.portAt(this.#names, index * this.#nameBytes);
  }

  /** Where the first datagram goes, and how long it is. False: that is no numeric address of this family. */
  direct(length: number, address: string, port: number): boolean {
    this.#vectors.writeUInt32LE(length, vector.length);
    return this.#addresses.write(this.#names, address, port);
  }
}
