/** Entries that one table keeps: more than a gateway's neighbours are strangers, and who is in use comes back. */
export const maximumRecentEntries = 4096;

/** Remembers what was made for a key, up to {@link maximumRecentEntries}; one more begins anew. */
export class RecentTable<Key, Value> {
  readonly #values = new Map<Key, Value>();

  get size(): number {
    return this.#values.size;
  }

  get(key: Key): Value | undefined {
    return this.#values.get(key);
  }

  /** @returns the value */
  keep(key: Key, value: Value): Value {
    if (this.#values.size >= maximumRecentEntries) this.#values.clear();
    this.#values.set(key, value);
    return value;
  }
}
