import { socketAddressBytes, writeSocketAddress } from "@tandem/sockets";
import { maximumDatagramBytes } from "./datagram-batch.ts";

/** `struct msghdr` and `struct iovec` of 64-bit Linux, in bytes. */
const message = { bytes: 56, name: 0, nameLength: 8, vector: 16, vectorLength: 24 } as const;
const vector = { bytes: 16, base: 0, length: 8 } as const;

/** The memory that sendmsg(2) reads. Its pieces point to each other: whoever hands it to the kernel keeps it alive. */
export class OutgoingDatagram {
  readonly header = Buffer.alloc(message.bytes);
  readonly #bytes = Buffer.allocUnsafeSlow(maximumDatagramBytes);
  readonly #vector = Buffer.alloc(vector.bytes);
  readonly #name = Buffer.alloc(socketAddressBytes);

  /** @param pointerTo where a buffer's bytes are */
  constructor(pointerTo: (buffer: Buffer) => bigint) {
    this.#vector.writeBigUInt64LE(pointerTo(this.#bytes), vector.base);
    this.header.writeBigUInt64LE(pointerTo(this.#name), message.name);
    this.header.writeUInt32LE(socketAddressBytes, message.nameLength);
    this.header.writeBigUInt64LE(pointerTo(this.#vector), message.vector);
    this.header.writeBigUInt64LE(1n, message.vectorLength);
  }

  /** @param text latin1, at most {@link maximumDatagramBytes} long @param address its four bytes, the first one highest */
  set(text: string, address: number, port: number): void {
    this.#bytes.write(text, 0, "latin1");
    this.#vector.writeUInt32LE(text.length, vector.length);
    writeSocketAddress(this.#name, address, port);
  }

  /** For tests. */
  get text(): string {
    return this.#bytes.toString("latin1", 0, this.#vector.readUInt32LE(vector.length));
  }

  get name(): Buffer {
    return this.#name;
  }
}
