import { type IpAddress, parseIpAddress } from "./ip-address.ts";
import { parseNetwork } from "./ip-network.ts";

/** A value under the network that led to it. */
export interface PrefixMatch<T> {
  readonly value: T;
  /** 0 to 32. */
  readonly prefixLength: number;
}

/**
 * Values by IPv4 network, found by an address: the longest prefix first, equal prefixes in the order in which they were
 * added. One look-up for each prefix length that occurs. IPv6 and what is no network is left out.
 */
export class PrefixIndex<T> {
  /** Prefix length to first address of the network to values. */
  readonly #byLength = new Map<number, Map<number, T[]>>();
  #lengths: readonly number[] = [];

  add(network: string, value: T): void {
    const range = parseNetwork(network);
    if (range === undefined || typeof range.first !== "number" || typeof range.last !== "number") return;
    const length = 32 - Math.log2(range.last - range.first + 1);
    let ofLength = this.#byLength.get(length);
    if (ofLength === undefined) {
      ofLength = new Map();
      this.#byLength.set(length, ofLength);
      this.#lengths = [...this.#byLength.keys()].sort((a, b) => b - a);
    }
    const values = ofLength.get(range.first);
    if (values === undefined) ofLength.set(range.first, [value]);
    else if (!values.includes(value)) values.push(value);
  }

  /** All matches of a textual address. None for what is no IPv4 address. */
  find(text: string): readonly PrefixMatch<T>[] {
    const address: IpAddress | undefined = parseIpAddress(text);
    if (typeof address !== "number") return [];
    const matches: PrefixMatch<T>[] = [];
    for (const prefixLength of this.#lengths) {
      const size = 2 ** (32 - prefixLength);
      const values = this.#byLength.get(prefixLength)?.get(Math.floor(address / size) * size);
      if (values !== undefined) for (const value of values) matches.push({ value, prefixLength });
    }
    return matches;
  }
}
