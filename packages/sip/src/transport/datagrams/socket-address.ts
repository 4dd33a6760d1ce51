import { isIPv4 } from "node:net";

/** Addresses that one table keeps: more than a gateway's neighbours are strangers, and who is in use comes back. */
export const maximumKeptAddresses = 4096;

/** Bytes of a `sockaddr_in`. */
export const socketAddressBytes = 16;
const familyIPv4 = 2;

/**
 * A `sockaddr_in` of Linux: family in the machine's order, port and address in the network's. Undefined when the text is no
 * IPv4 address.
 */
export function socketAddress(address: string, port: number): Buffer | undefined {
  if (!isIPv4(address)) return undefined;
  const bytes = Buffer.alloc(socketAddressBytes);
  bytes.writeUInt8(familyIPv4, 0);
  bytes.writeUInt16BE(port, 2);
  for (const [index, part] of address.split(".").entries()) bytes[4 + index] = Number(part);
  return bytes;
}

/** Texts of IPv4 addresses by their number, and the other way round; each is made once. */
export class SocketAddresses {
  readonly #texts = new Map<number, string>();
  readonly #bytes = new Map<string, Buffer>();

  get size(): number {
    return Math.max(this.#texts.size, this.#bytes.size);
  }

  /** @param number the four bytes of the address, the first one highest */
  text(number: number): string {
    const kept = this.#texts.get(number);
    if (kept !== undefined) return kept;
    const text = `${number >>> 24}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;
    if (this.#texts.size >= maximumKeptAddresses) this.#texts.clear();
    this.#texts.set(number, text);
    return text;
  }

  /** The `sockaddr_in`: good until the next call with the same address. Undefined when the text is no IPv4 address. */
  bytes(address: string, port: number): Buffer | undefined {
    let bytes = this.#bytes.get(address);
    if (bytes === undefined) {
      bytes = socketAddress(address, port);
      if (bytes === undefined) return undefined;
      if (this.#bytes.size >= maximumKeptAddresses) this.#bytes.clear();
      this.#bytes.set(address, bytes);
    }
    bytes[2] = port >>> 8;
    bytes[3] = port & 255;
    return bytes;
  }
}
