/** Slots of the root and of each node: 4096 buckets, 250 entries each when there are a million. */
const slots = 64;

type Bucket<K, V> = Map<K, V>;
type Node<K, V> = (Bucket<K, V> | undefined)[];
type Root<K, V> = readonly (Node<K, V> | undefined)[];

/**
 * An immutable map whose changed copy costs one bucket: the rest is shared with the map that it was made from. Whoever
 * still holds the old one sees nothing of the change. No order is kept.
 */
export class BucketMap<K extends string | number, V> {
  readonly size: number;
  readonly #root: Root<K, V>;

  /** @internal `BucketMapBuilder.build` makes them. */
  constructor(root: Root<K, V>, size: number) {
    this.#root = root;
    this.size = size;
  }

  /** @internal */
  get root(): Root<K, V> {
    return this.#root;
  }

  get(key: K): V | undefined {
    const hash = hashOf(key);
    return this.#root[hash >>> 6]?.[hash & 63]?.get(key);
  }

  *values(): Generator<V> {
    for (const node of this.#root) {
      if (node === undefined) continue;
      for (const bucket of node) if (bucket !== undefined) yield* bucket.values();
    }
  }
}

/** Makes a map, from nothing or from another, which stays as it is. */
export class BucketMapBuilder<K extends string | number, V> {
  readonly #root: (Node<K, V> | undefined)[];
  /** Nodes and buckets that were made here: the others belong to the map before. Undefined: there was none. */
  readonly #own: Set<object> | undefined;
  #size: number;

  constructor(before?: BucketMap<K, V>) {
    this.#root = before === undefined ? Array.from({ length: slots }, () => undefined) : [...before.root];
    this.#own = before === undefined ? undefined : new Set();
    this.#size = before?.size ?? 0;
  }

  get size(): number {
    return this.#size;
  }

  get(key: K): V | undefined {
    const hash = hashOf(key);
    return this.#root[hash >>> 6]?.[hash & 63]?.get(key);
  }

  set(key: K, value: V): void {
    const bucket = this.#ownBucket(key);
    const before = bucket.size;
    bucket.set(key, value);
    this.#size += bucket.size - before;
  }

  delete(key: K): void {
    if (this.get(key) !== undefined && this.#ownBucket(key).delete(key)) this.#size -= 1;
  }

  /** Once: the builder has given away what it owned. */
  build(): BucketMap<K, V> {
    this.#own?.clear();
    return new BucketMap(this.#root, this.#size);
  }

  #ownBucket(key: K): Bucket<K, V> {
    const hash = hashOf(key);
    const node = this.#ownNode(hash >>> 6);
    const at = hash & 63;
    const known = node[at];
    if (known !== undefined && this.#own?.has(known) !== false) return known;
    const bucket = new Map(known);
    this.#own?.add(bucket);
    node[at] = bucket;
    return bucket;
  }

  #ownNode(at: number): Node<K, V> {
    const known = this.#root[at];
    if (known !== undefined && this.#own?.has(known) !== false) return known;
    const node = known === undefined ? Array.from({ length: slots }, () => undefined) : [...known];
    this.#own?.add(node);
    this.#root[at] = node;
    return node;
  }
}

/** Twelve bits. Whoever chooses keys that share a bucket makes copies slower, and look-ups not at all. */
function hashOf(key: string | number): number {
  let hash = 0x811c9dc5;
  if (typeof key === "number") {
    hash = Math.imul(hash ^ key, 0x01000193) ^ Math.floor(key / 0x1_0000_0000);
  } else {
    for (let index = 0; index < key.length; index++) {
      hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
    }
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 20;
}
