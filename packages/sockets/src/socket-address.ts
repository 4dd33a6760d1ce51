import { isIPv4 } from "node:net";

/** Addresses that one table keeps: more than a gateway's neighbours are strangers, and who is in use comes back. */
export const maximumKeptAddresses = 4096;

/** Bytes of a `sockaddr_in`. */
export const socketAddressBytes = 16;
const familyIPv4 = 2;

/** Writes a `sockaddr_in` of Linux: family in the machine's order, port and address in the network's. */
export function writeSocketAddress(into: Buffer, address: number, port: number): void {
  into[0] = familyIPv4;
  into.writeUInt16BE(port, 2);
  into.writeUInt32BE(address, 4);
}

/** The four bytes of an IPv4 address, the first one highest. Undefined when the text is none. */
export function addressNumber(text: string): number | undefined {
  if (!isIPv4(text)) return undefined;
  let number = 0;
  for (const part of text.split(".")) number = number * 256 + Number(part);
  return number;
}

/** Texts of IPv4 addresses by their number, and the other way round; each is made once. */
export class SocketAddresses {
  readonly #texts = new Map<number, string>();
  readonly #numbers = new Map<string, number>();

  get size(): number {
    return Math.max(this.#texts.size, this.#numbers.size);
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

  /** {@link addressNumber}, remembered. */
  number(text: string): number | undefined {
    const kept = this.#numbers.get(text);
    if (kept !== undefined) return kept;
    const number = addressNumber(text);
    if (number === undefined) return undefined;
    if (this.#numbers.size >= maximumKeptAddresses) this.#numbers.clear();
    this.#numbers.set(text, number);
    return number;
  }
}
