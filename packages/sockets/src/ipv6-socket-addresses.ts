import { isIPv6 } from "node:net";
import { addressCalls } from "./address-calls.ts";
import { RecentTable } from "./recent-table.ts";
import type { SocketAddresses } from "./socket-address.ts";

/** A `sockaddr_in6` of Linux: family and scope in the machine's order, the rest in the network's. */
const layout = { family: 0, port: 2, flow: 4, address: 8, addressEnd: 24, scope: 24, bytes: 28 } as const;

/** An address in four words, as it lies in memory. */
interface KnownAddress {
  readonly first: number;
  readonly second: number;
  readonly third: number;
  readonly fourth: number;
  readonly text: string;
}

/**
 * Link-local addresses have the interface's name behind a `%` (RFC 4007 §11). They alone are not remembered: a line that goes
 * and comes back has another number with the same name.
 */
export class IPv6SocketAddresses implements SocketAddresses {
  readonly family = 10;
  readonly bytes = layout.bytes;
  /** By their hash. Of two with the same one the last stands here; the other one is made again when it comes. */
  readonly #byHash = new RecentTable<number, KnownAddress>();
  readonly #byText = new RecentTable<string, KnownAddress>();

  textAt(memory: Buffer, at: number): string {
    const scope = memory.readUInt32LE(at + layout.scope);
    if (scope !== 0) return zonedText(memory, at, scope);
    const first = memory.readInt32LE(at + layout.address);
    const second = memory.readInt32LE(at + layout.address + 4);
    const third = memory.readInt32LE(at + layout.address + 8);
    const fourth = memory.readInt32LE(at + layout.address + 12);
    const hash = hashOf(first, second, third, fourth);
    const kept = this.#byHash.get(hash);
    if (
      kept !== undefined &&
      kept.first === first &&
      kept.second === second &&
      kept.third === third &&
      kept.fourth === fourth
    ) {
      return kept.text;
    }
    const text = textOf(memory, at);
    return this.#byHash.keep(hash, { first, second, third, fourth, text }).text;
  }

  portAt(memory: Buffer, at: number): number {
    return memory.readUInt16BE(at + layout.port);
  }

  write(memory: Buffer, address: string, port: number): boolean {
    memory.writeUInt16LE(this.family, layout.family);
    memory.writeUInt16BE(port, layout.port);
    const kept = this.#byText.get(address);
    if (kept === undefined) return this.#writeUnknown(memory, address);
    memory.writeInt32LE(kept.first, layout.address);
    memory.writeInt32LE(kept.second, layout.address + 4);
    memory.writeInt32LE(kept.third, layout.address + 8);
    memory.writeInt32LE(kept.fourth, layout.address + 12);
    memory.writeUInt32LE(0, layout.scope);
    return true;
  }

  #writeUnknown(memory: Buffer, address: string): boolean {
    const calls = addressCalls();
    if (typeof calls === "string" || !isIPv6(address)) return false;
    const zoneAt = address.indexOf("%");
    const bare = zoneAt < 0 ? address : address.slice(0, zoneAt);
    if (!calls.write(bare, memory.subarray(layout.address, layout.addressEnd))) return false;
    const scope = zoneAt < 0 ? 0 : scopeOf(address.slice(zoneAt + 1));
    memory.writeUInt32LE(scope, layout.scope);
    if (zoneAt >= 0) return scope > 0;
    this.#byText.keep(address, {
      first: memory.readInt32LE(layout.address),
      second: memory.readInt32LE(layout.address + 4),
      third: memory.readInt32LE(layout.address + 8),
      fourth: memory.readInt32LE(layout.address + 12),
      text: address,
    });
    return true;
  }
}

/** Of an interface, by its name or its number. 0: there is none. */
function scopeOf(zone: string): number {
  const calls = addressCalls();
  if (typeof calls === "string") return 0;
  const number = calls.interfaceNumber(zone);
  return number === 0 && /^\d{1,9}$/.test(zone) ? Number(zone) : number;
}

function textOf(memory: Buffer, at: number): string {
  const calls = addressCalls();
  // Nobody has a sockaddr without having asked the kernel for it by the same means.
  return typeof calls === "string"
    ? ""
    : calls.text(memory.subarray(at + layout.address, at + layout.addressEnd));
}

function zonedText(memory: Buffer, at: number, scope: number): string {
  const calls = addressCalls();
  const name = typeof calls === "string" ? undefined : calls.interfaceName(scope);
  return `${textOf(memory, at)}%${name ?? scope}`;
}

function hashOf(first: number, second: number, third: number, fourth: number): number {
  let hash = Math.imul(first, 0x9e37_79b1) ^ second;
  hash = Math.imul(hash ^ (hash >>> 15), 0x85eb_ca77) ^ third;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae3d) ^ fourth;
  return Math.imul(hash ^ (hash >>> 16), 0x27d4_eb2f);
}
