import type { SnapshotCarrier } from "@tandem/contracts";

/** Notices carriers that want their calls signed by a gateway without a key; tells each once. */
export class UnsignedCarriers {
  #known: ReadonlySet<string> = new Set();

  /** Of the carriers of a new snapshot those that nobody was told of; undefined: none. */
  look(carriers: Iterable<SnapshotCarrier>): string | undefined {
    const unsigned = [...carriers].filter(({ identity, enabled }) => identity === "sign" && enabled);
    const fresh = unsigned.filter(({ sid }) => !this.#known.has(sid));
    this.#known = new Set(unsigned.map(({ sid }) => sid));
    if (fresh.length === 0) return undefined;
    const [first] = fresh;
    const others = fresh.length === 1 ? "" : ` and ${fresh.length - 1} more`;
    return `calls to ${first?.friendlyName} (${first?.sid})${others} go unsigned: this gateway has no stir.signing`;
  }
}
