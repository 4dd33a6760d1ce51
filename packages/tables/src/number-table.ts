import { HashTable } from "./hash-table.ts";

/** A table by integers of 0 to 2^30-1, such as ports, that nobody outside chooses. */
export class NumberTable<V> extends HashTable<number, V> {
  constructor() {
    super(hashOf);
  }
}

/** Ports of RTP are even: the lowest bit alone would leave every second bucket empty. */
function hashOf(key: number): number {
  return (key ^ (key >>> 1)) & 0x3fffffff;
}
