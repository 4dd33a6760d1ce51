import { randomInt } from "node:crypto";
import { HashTable } from "./hash-table.ts";

/**
 * A table by text, for keys that are made for one look-up and live for seconds. The engine's own Map enters each such
 * text into its table of unique strings, which costs more than the look-up itself; this one hashes it.
 */
export class TextTable<V> extends HashTable<string, V> {
  /** @param hash for tests, which can't find two texts of one hash otherwise */
  constructor(hash: (key: string) => number = hashOf) {
    super(hash);
  }
}

/** Differs from process to process: nobody outside can prepare keys that fall into one bucket. */
const seed = randomInt(2 ** 31);

/** 30 bits, which the engine keeps without an object. Each step mixes high bits back into the low ones. */
function hashOf(key: string): number {
  let hash = seed;
  for (let at = 0; at < key.length; at++) {
    hash = Math.imul(hash ^ key.charCodeAt(at), 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  return hash >>> 2;
}
