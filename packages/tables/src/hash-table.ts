/** One entry; the next one of the same bucket; and those that were entered before and after it. */
class Entry<K, V> {
  readonly key: K;
  readonly hash: number;
  value: V | undefined;
  next: Entry<K, V> | undefined;
  older: Entry<K, V> | undefined;
  newer: Entry<K, V> | undefined = undefined;

  constructor(key: K, hash: number, value: V, next: Entry<K, V> | undefined, older: Entry<K, V> | undefined) {
    this.key = key;
    this.hash = hash;
    this.value = value;
    this.next = next;
    this.older = older;
  }

  /** Once taken out: an entry that has grown old must not keep younger ones from being collected. */
  drop(): void {
    this.value = undefined;
    this.next = undefined;
    this.older = undefined;
    this.newer = undefined;
  }
}

const smallestLength = 16;
/** A table with fewer entries than this part of its buckets is made smaller. */
const sparseShare = 1 / 8;

/**
 * What a Map does, for entries that come and go all the time.
 *
 * V8's Map makes itself a new table each time that its old one is full of deleted entries. The old one keeps what was in
 * it, and points to the new one. Once one of them has grown old, a collection of young objects takes all that came
 * after it for reachable, with every entry that was there whenever the table was made anew: calls long over are copied,
 * and grow old too. Here entries are changed in place, and what is taken out refers to nothing.
 *
 * A value of `undefined` counts as none.
 */
export class HashTable<K, V> {
  readonly #hash: (key: K) => number;
  /** A power of two of them. */
  #buckets: (Entry<K, V> | undefined)[] = emptyBuckets(smallestLength);
  #oldest: Entry<K, V> | undefined;
  #newest: Entry<K, V> | undefined;
  #size = 0;

  /** @param hash an integer; equal keys must have equal ones */
  constructor(hash: (key: K) => number) {
    this.#hash = hash;
  }

  get size(): number {
    return this.#size;
  }

  get(key: K): V | undefined {
    const hash = this.#hash(key);
    let entry = this.#buckets[hash & (this.#buckets.length - 1)];
    while (entry !== undefined) {
      if (entry.hash === hash && entry.key === key) return entry.value;
      entry = entry.next;
    }
    return undefined;
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  set(key: K, value: V): void {
    const hash = this.#hash(key);
    const bucket = hash & (this.#buckets.length - 1);
    const first = this.#buckets[bucket];
    for (let entry = first; entry !== undefined; entry = entry.next) {
      if (entry.hash !== hash || entry.key !== key) continue;
      entry.value = value;
      return;
    }
    this.#append(bucket, new Entry(key, hash, value, first, this.#newest));
  }

  /** Whether there was one. */
  delete(key: K): boolean {
    const hash = this.#hash(key);
    const bucket = hash & (this.#buckets.length - 1);
    let before: Entry<K, V> | undefined;
    for (let entry = this.#buckets[bucket]; entry !== undefined; entry = entry.next) {
      if (entry.hash !== hash || entry.key !== key) {
        before = entry;
        continue;
      }
      if (before === undefined) this.#buckets[bucket] = entry.next;
      else before.next = entry.next;
      this.#takeOut(entry);
      return true;
    }
    return false;
  }

  /** All values there are now, in the order in which their keys came; the table may be changed while they are looked at. */
  values(): readonly V[] {
    const all: V[] = [];
    for (let entry = this.#oldest; entry !== undefined; entry = entry.newer) all.push(entry.value as V);
    return all;
  }

  #append(bucket: number, entry: Entry<K, V>): void {
    this.#buckets[bucket] = entry;
    if (entry.older === undefined) this.#oldest = entry;
    else entry.older.newer = entry;
    this.#newest = entry;
    this.#size++;
    if (this.#size > this.#buckets.length) this.#resize(this.#buckets.length * 2);
  }

  /** Of the order; its bucket has let go of it already. */
  #takeOut(entry: Entry<K, V>): void {
    const { older, newer } = entry;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    entry.drop();
    this.#size--;
    const { length } = this.#buckets;
    if (length > smallestLength && this.#size < length * sparseShare) this.#resize(length / 2);
  }

  #resize(length: number): void {
    // As with an entry: what is given up must not refer to anything.
    this.#buckets.fill(undefined);
    const buckets = emptyBuckets<K, V>(length);
    for (let entry = this.#oldest; entry !== undefined; entry = entry.newer) {
      const bucket = entry.hash & (length - 1);
      entry.next = buckets[bucket];
      buckets[bucket] = entry;
    }
    this.#buckets = buckets;
  }
}

function emptyBuckets<K, V>(length: number): (Entry<K, V> | undefined)[] {
  return Array.from({ length }, () => undefined);
}
