/** Lower-case letters, digits and hyphens, as REST takes them: nothing else gets into the zone, or an export of it. */
const domainLabel = /^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*$/;

/** Domain labels of all trunks, and the names on the way to those that hold dots. */
export class TrunkLabels {
  readonly #labels: ReadonlySet<string>;
  /** `b.c` and `c` for a trunk `a.b.c`, unless trunks of their own. */
  readonly #parents = new Set<string>();

  constructor(labels: readonly string[]) {
    this.#labels = new Set(
      labels.map((label) => label.toLowerCase()).filter((label) => domainLabel.test(label)),
    );
    for (const label of this.#labels) {
      for (let dot = label.indexOf("."); dot !== -1; dot = label.indexOf(".", dot + 1)) {
        this.#parents.add(label.slice(dot + 1));
      }
    }
  }

  find(label: string): "trunk" | "empty" | "missing" {
    if (this.#labels.has(label)) return "trunk";
    return this.#parents.has(label) ? "empty" : "missing";
  }

  [Symbol.iterator](): Iterator<string> {
    return this.#labels.values();
  }
}
