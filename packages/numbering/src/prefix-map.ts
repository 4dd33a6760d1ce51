/** Prefixes that have the same value. */
export interface PrefixGroup<T> {
  readonly prefixes: Iterable<string>;
  readonly value: T;
}

/**
 * Values by prefix of a number; the longest prefix that a number begins with wins. Immutable once it is made. A look-up
 * costs one hash look-up for each length that occurs, 16 at most: that is cheaper here than a trie of digits, whose
 * nodes are as many jumps and much more memory.
 */
export class PrefixMap<T> {
  readonly #values = new Map<string, T>();
  /** Lengths that occur, the longest first. */
  readonly #lengths: readonly number[];

  /** Of a prefix that comes twice the last value counts. */
  constructor(groups: Iterable<PrefixGroup<T>>) {
    const lengths = new Set<number>();
    for (const { prefixes, value } of groups) {
      for (const prefix of prefixes) {
        this.#values.set(prefix, value);
        lengths.add(prefix.length);
      }
    }
    this.#lengths = [...lengths].sort((one, other) => other - one);
  }

  get size(): number {
    return this.#values.size;
  }

  /** The longest prefix of the map that the text begins with, and its value. */
  find(text: string): { readonly prefix: string; readonly value: T } | undefined {
    for (const length of this.#lengths) {
      if (length > text.length) continue;
      const prefix = text.slice(0, length);
      const value = this.#values.get(prefix);
      if (value !== undefined) return { prefix, value };
    }
    return undefined;
  }
}
