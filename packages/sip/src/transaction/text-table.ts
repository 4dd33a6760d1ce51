import { randomInt } from "node:crypto";

interface Entry<V> {
  readonly key: string;
  value: V;
  next: Entry<V> | undefined;
}

/**
 * A Map with texts as keys, for keys that are made for one look-up and live for seconds. The engine's own Map enters
 * each such text into its table of unique strings, which costs more than the look-up itself; this one hashes it.
 */
export class TextTable<V> {
  /** First entry of each hash. */
  readonly #chains = new Map<number, Entry<V>>();
  readonly #hash: (key: string) => number;
  #size = 0;

  /** @param hash for tests, which can't find two texts of one hash otherwise */
  constructor(hash: (key: string) => number = hashOf) {
    this.#hash = hash;
  }

  get size(): number {
    return this.#size;
  }

  get(key: string): V | undefined {
    for (let entry = this.#chains.get(this.#hash(key)); entry !== undefined; entry = entry.next) {
      if (entry.key === key) return entry.value;
    }
    return undefined;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  set(key: string, value: V): void {
    const hash = this.#hash(key);
    const first = this.#chains.get(hash);
    for (let entry = first; entry !== undefined; entry = entry.next) {
      if (entry.key !== key) continue;
      entry.value = value;
      return;
    }
    this.#chains.set(hash, { key, value, next: first });
    this.#size++;
  }

  delete(key: string): void {
    const hash = this.#hash(key);
    let before: Entry<V> | undefined;
    for (let entry = this.#chains.get(hash); entry !== undefined; entry = entry.next) {
      if (entry.key !== key) {
        before = entry;
        continue;
      }
      if (before !== undefined) before.next = entry.next;
      else if (entry.next !== undefined) this.#chains.set(hash, entry.next);
      else this.#chains.delete(hash);
      this.#size--;
      return;
    }
  }

  /** All values there are now, in no order; the table may be changed while they are looked at. */
  values(): readonly V[] {
    const all: V[] = [];
    for (const first of this.#chains.values()) {
      for (let entry: Entry<V> | undefined = first; entry !== undefined; entry = entry.next)
        all.push(entry.value);
    }
    return all;
  }
}

/** Differs from process to process: nobody outside can prepare keys that fall into one chain. */
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
