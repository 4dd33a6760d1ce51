/** Changes that are kept for gateways that are some versions behind. */
export const maximumRecentChanges = 256;
/** Characters of them all; a gateway that needs more gets the whole. */
export const maximumRecentCharacters = 4 * 1024 * 1024;

interface Recent {
  readonly fromVersion: number;
  readonly toVersion: number;
  /** The whole `snapshot-change` frame. */
  readonly frame: string;
}

/** The last changes, each behind the one before. */
export class RecentChanges {
  #changes: Recent[] = [];
  #characters = 0;

  /** One that does not follow the last one makes these worthless. */
  add(change: Recent): void {
    if (this.#changes.at(-1)?.toVersion !== change.fromVersion) this.clear();
    this.#changes.push(change);
    this.#characters += change.frame.length;
    while (this.#changes.length > maximumRecentChanges || this.#characters > maximumRecentCharacters) {
      this.#characters -= this.#changes.shift()?.frame.length ?? 0;
    }
  }

  clear(): void {
    this.#changes = [];
    this.#characters = 0;
  }

  /** The frames that lead from one version to another; undefined: it is too old, or no version of ours. */
  between(version: number, newest: number): readonly string[] | undefined {
    const first = this.#changes.findIndex(({ fromVersion }) => fromVersion === version);
    const last = this.#changes.findLastIndex(({ toVersion }) => toVersion === newest);
    return first < 0 || last < first
      ? undefined
      : this.#changes.slice(first, last + 1).map(({ frame }) => frame);
  }
}
