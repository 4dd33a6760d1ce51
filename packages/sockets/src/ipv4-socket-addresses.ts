import { isIPv4 } from "node:net";
import { RecentTable } from "./recent-table.ts";
import type { SocketAddresses } from "./socket-address.ts";

/** A `sockaddr_in` of Linux: family in the machine's order, port and address in the network's, eight bytes of nothing. */
const layout = { family: 0, port: 2, address: 4, bytes: 16 } as const;

export class IPv4SocketAddresses implements SocketAddresses {
  readonly family = 2;
  readonly bytes = layout.bytes;
  readonly #texts = new RecentTable<number, string>();
  readonly #numbers = new RecentTable<string, number>();

  textAt(memory: Buffer, at: number): string {
    const number = memory.readInt32BE(at + layout.address);
    return this.#texts.get(number) ?? this.#texts.keep(number, textOf(number));
  }

  portAt(memory: Buffer, at: number): number {
    return memory.readUInt16BE(at + layout.port);
  }

  write(memory: Buffer, address: string, port: number): boolean {
    const number = this.#numbers.get(address) ?? this.#read(address);
    if (number === undefined) return false;
    memory.writeUInt16LE(this.family, layout.family);
    memory.writeUInt16BE(port, layout.port);
    memory.writeInt32BE(number, layout.address);
    return true;
  }

  #read(address: string): number | undefined {
    return isIPv4(address) ? this.#numbers.keep(address, numberOf(address)) : undefined;
  }
}

/** @param number the four bytes, signed: every one of these is kept without an object */
function textOf(number: number): string {
  return `${number >>> 24}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;
}

function numberOf(text: string): number {
  let number = 0;
  for (const part of text.split(".")) number = number * 256 + Number(part);
  return number | 0;
}
