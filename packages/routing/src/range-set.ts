import { type IpAddress, parseIpAddress } from "./ip-address.ts";
import { type IpRange, parseNetwork } from "./ip-network.ts";

/** A set of IP networks with a look-up by binary search. Immutable. */
export class RangeSet {
  readonly #ipv4: SortedRanges<number>;
  readonly #ipv6: SortedRanges<string>;

  private constructor(ipv4: SortedRanges<number>, ipv6: SortedRanges<string>) {
    this.#ipv4 = ipv4;
    this.#ipv6 = ipv6;
  }

  /** Texts that are no networks are left out: a network nobody can read lets nobody in. */
  static fromNetworks(networks: Iterable<string>): RangeSet {
    const ipv4: IpRange[] = [];
    const ipv6: IpRange[] = [];
    for (const text of networks) {
      const range = parseNetwork(text);
      if (range === undefined) continue;
      (typeof range.first === "number" ? ipv4 : ipv6).push(range);
    }
    const merged4 = merge(ipv4);
    const merged6 = merge(ipv6);
    return new RangeSet(
      {
        firsts: Float64Array.from(merged4, (range) => range.first as number),
        lasts: Float64Array.from(merged4, (range) => range.last as number),
      },
      {
        firsts: merged6.map((range) => range.first as string),
        lasts: merged6.map((range) => range.last as string),
      },
    );
  }

  /** Whether a textual address is in one of the networks. False for what is no address. */
  has(text: string): boolean {
    const address = parseIpAddress(text);
    return address !== undefined && this.hasAddress(address);
  }

  hasAddress(address: IpAddress): boolean {
    return typeof address === "number" ? contains(this.#ipv4, address) : contains(this.#ipv6, address);
  }
}

interface SortedRanges<T> {
  readonly firsts: ArrayLike<T>;
  readonly lasts: ArrayLike<T>;
}

function contains<T extends IpAddress>(ranges: SortedRanges<T>, address: T): boolean {
  let low = 0;
  let high = ranges.firsts.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if ((ranges.firsts[middle] as T) > address) high = middle - 1;
    else if ((ranges.lasts[middle] as T) < address) low = middle + 1;
    else return true;
  }
  return false;
}

/** Sorts ranges of one family and joins those that overlap, which the binary search relies on. */
function merge(ranges: IpRange[]): IpRange[] {
  ranges.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const merged: IpRange[] = [];
  let open: IpRange | undefined;
  for (const range of ranges) {
    if (open !== undefined && range.first <= open.last) {
      if (range.last > open.last) open = { first: open.first, last: range.last };
      continue;
    }
    if (open !== undefined) merged.push(open);
    open = range;
  }
  if (open !== undefined) merged.push(open);
  return merged;
}
