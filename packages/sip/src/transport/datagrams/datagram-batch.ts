/** Datagrams that one system call takes. */
export const batchSize = 16;
/** A UDP datagram is never longer. */
export const maximumDatagramBytes = 65_536;

/** `struct mmsghdr` and `struct iovec` of 64-bit Linux, in bytes. */
const header = { bytes: 64, name: 0, nameLength: 8, vector: 16, vectorLength: 24, length: 56 } as const;
const vector = { bytes: 16, base: 0, length: 8 } as const;
/** A `sockaddr_in`; the kernel writes no more. */
const name = { bytes: 16, port: 2, address: 4 } as const;

/** The memory that recvmmsg(2) fills. Its pieces point to each other: whoever hands it to the kernel keeps it alive. */
export class DatagramBatch {
  /** The array of `mmsghdr`. */
  readonly headers = Buffer.alloc(batchSize * header.bytes);
  /** Datagram n begins at n * {@link maximumDatagramBytes}. */
  readonly bytes = Buffer.allocUnsafeSlow(batchSize * maximumDatagramBytes);
  readonly #vectors = Buffer.alloc(batchSize * vector.bytes);
  readonly #names = Buffer.alloc(batchSize * name.bytes);

  /** @param pointerTo where a buffer's bytes are */
  constructor(pointerTo: (buffer: Buffer) => bigint) {
    const names = pointerTo(this.#names);
    const vectors = pointerTo(this.#vectors);
    const bytes = pointerTo(this.bytes);
    for (let index = 0; index < batchSize; index++) {
      const vectorAt = index * vector.bytes;
      this.#vectors.writeBigUInt64LE(bytes + BigInt(index * maximumDatagramBytes), vectorAt + vector.base);
      this.#vectors.writeBigUInt64LE(BigInt(maximumDatagramBytes), vectorAt + vector.length);
      const headerAt = index * header.bytes;
      this.headers.writeBigUInt64LE(names + BigInt(index * name.bytes), headerAt + header.name);
      this.headers.writeUInt32LE(name.bytes, headerAt + header.nameLength);
      this.headers.writeBigUInt64LE(vectors + BigInt(vectorAt), headerAt + header.vector);
      this.headers.writeBigUInt64LE(1n, headerAt + header.vectorLength);
    }
  }

  lengthOf(index: number): number {
    return this.headers.readUInt32LE(index * header.bytes + header.length);
  }

  /** The four bytes of the source address, the first one highest. */
  addressOf(index: number): number {
    return this.#names.readUInt32BE(index * name.bytes + name.address);
  }

  portOf(index: number): number {
    return this.#names.readUInt16BE(index * name.bytes + name.port);
  }
}
