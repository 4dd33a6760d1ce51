import { type BucketMap, BucketMapBuilder } from "./bucket-map.ts";
import { type IpAddress, parseIpAddress } from "./ip-address.ts";
import { type IpRange, parseNetwork } from "./ip-network.ts";

/** First address and prefix length in one value: a number for IPv4, a text for IPv6. */
type Key = number | string;

/**
 * IP networks, each as often as it was added; an address is looked up once for each prefix length that occurs.
 * Immutable: a changed copy shares all but what changed.
 */
export class NetworkCounts {
  static readonly none: NetworkCounts = new NetworkCounts(
    new BucketMapBuilder<Key, number>().build(),
    new Map(),
    new Map(),
  );
  readonly #counts: BucketMap<Key, number>;
  /** Prefix length to number of different networks. */
  readonly #ipv4Lengths: ReadonlyMap<number, number>;
  readonly #ipv6Lengths: ReadonlyMap<number, number>;

  private constructor(
    counts: BucketMap<Key, number>,
    ipv4Lengths: ReadonlyMap<number, number>,
    ipv6Lengths: ReadonlyMap<number, number>,
  ) {
    this.#counts = counts;
    this.#ipv4Lengths = ipv4Lengths;
    this.#ipv6Lengths = ipv6Lengths;
  }

  /** Whether a textual address is in one of the networks. False for what is no address. */
  has(text: string): boolean {
    const address = parseIpAddress(text);
    if (address === undefined) return false;
    const lengths = typeof address === "number" ? this.#ipv4Lengths : this.#ipv6Lengths;
    for (const length of lengths.keys()) {
      if (this.#counts.get(keyOf(address, length)) !== undefined) return true;
    }
    return false;
  }

  /**
   * The networks less some, plus some; what is removed more often than it was added is gone. Texts that are no networks
   * are left out: a network nobody can read lets nobody in.
   */
  changed(removed: Iterable<string>, added: Iterable<string>): NetworkCounts {
    const counts = new BucketMapBuilder(this.#counts);
    const ipv4Lengths = new Map(this.#ipv4Lengths);
    const ipv6Lengths = new Map(this.#ipv6Lengths);
    const change = (text: string, by: 1 | -1): void => {
      const range = parseNetwork(text);
      if (range === undefined) return;
      const length = lengthOf(range);
      const key = keyOf(range.first, length);
      const before = counts.get(key) ?? 0;
      if (before + by <= 0) counts.delete(key);
      else counts.set(key, before + by);
      const isThere = before + by > 0;
      if (isThere === before > 0) return;
      const lengths = typeof key === "number" ? ipv4Lengths : ipv6Lengths;
      const ofLength = (lengths.get(length) ?? 0) + by;
      if (ofLength === 0) lengths.delete(length);
      else lengths.set(length, ofLength);
    };
    for (const text of removed) change(text, -1);
    for (const text of added) change(text, 1);
    return new NetworkCounts(counts.build(), ipv4Lengths, ipv6Lengths);
  }
}

function lengthOf({ first, last }: IpRange): number {
  if (typeof first === "number") return 32 - Math.log2((last as number) - first + 1);
  let hostBits = 0;
  for (let index = 0; index < 8; index++) {
    hostBits += Math.log2((first.charCodeAt(index) ^ (last as string).charCodeAt(index)) + 1);
  }
  return 128 - hostBits;
}

function keyOf(address: IpAddress, length: number): Key {
  if (typeof address === "number") {
    const size = 2 ** (32 - length);
    return Math.floor(address / size) * size * 64 + length;
  }
  let key = String.fromCharCode(length);
  for (let index = 0; index < 8; index++) {
    const bits = Math.min(16, Math.max(0, length - index * 16));
    key += String.fromCharCode(address.charCodeAt(index) & ~(0xffff >> bits) & 0xffff);
  }
  return key;
}
