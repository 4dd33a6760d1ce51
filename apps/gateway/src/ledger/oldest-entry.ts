/** Entries of this span share a mark. */
const markMs = 1_000;
/** Marks kept; beyond it two become one, which makes an entry look up to twice as old, never younger. */
export const maximumMarks = 1_000;

interface Mark {
  /** Number of the last entry that it stands for. */
  upTo: number;
  /** When the first one came. */
  readonly atMs: number;
}

/** Since when the oldest entry of the outbox waits. The outbox itself knows the order of its entries, and no times. */
export class OldestEntry {
  readonly #marks: Mark[] = [];
  #appended: number;

  /** @param outbox entries that were there at `nowMs` already: older, but nobody knows how much */
  constructor(outbox: number, nowMs: number) {
    this.#appended = outbox;
    if (outbox > 0) this.#marks.push({ upTo: outbox, atMs: nowMs });
  }

  /** `added` entries came, and `outbox` are there now. */
  committed(added: number, outbox: number, nowMs: number): void {
    if (added > 0) this.#append(added, nowMs);
    const gone = this.#appended - outbox;
    while ((this.#marks[0]?.upTo ?? Number.POSITIVE_INFINITY) <= gone) this.#marks.shift();
    if (this.#marks.length > maximumMarks) this.#thin();
  }

  /** Undefined: nothing waits. */
  get sinceMs(): number | undefined {
    return this.#marks[0]?.atMs;
  }

  #append(added: number, nowMs: number): void {
    this.#appended += added;
    const last = this.#marks[this.#marks.length - 1];
    if (last !== undefined && nowMs - last.atMs < markMs) last.upTo = this.#appended;
    else this.#marks.push({ upTo: this.#appended, atMs: nowMs });
  }

  #thin(): void {
    const marks = this.#marks.splice(0);
    for (let index = 0; index < marks.length; index += 2) {
      const first = marks[index] as Mark;
      this.#marks.push({ upTo: (marks[index + 1] ?? first).upTo, atMs: first.atMs });
    }
  }
}
