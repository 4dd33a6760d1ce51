/** What is remembered of a nonce that was used. */
interface UsedNonce {
  highest: number;
  readonly issuedAtMs: number;
}

/** Stands for "never again": above the largest count of eight hex digits. */
export const spentNonceCount = 0x1_0000_0000;

/**
 * The highest nonce count seen per nonce, for a bounded number of nonces: the least recently used one is forgotten.
 *
 * What is forgotten could be replayed. Therefore the time of issue of the youngest forgotten nonce is kept: nonces that
 * are not remembered and not younger than that are refused, as are those from before this object was made (a restart).
 * Only successful authentications are written, so strangers can not push entries out.
 */
export class NonceCounts {
  readonly #limit: number;
  /** In order of use, the least recent first. */
  readonly #used = new Map<string, UsedNonce>();
  #forgottenUntilMs: number;

  constructor(limit: number, startedAtMs: number) {
    this.#limit = limit;
    this.#forgottenUntilMs = startedAtMs - 1;
  }

  get size(): number {
    return this.#used.size;
  }

  /** Whether a request with this count may come now: above all before, or the first of a nonce that may be new. */
  isFresh(nonce: string, issuedAtMs: number, count: number): boolean {
    const used = this.#used.get(nonce);
    return used === undefined ? issuedAtMs > this.#forgottenUntilMs : count > used.highest;
  }

  /** Whether the nonce has never been used, as far as can be known. */
  isUnused(nonce: string, issuedAtMs: number): boolean {
    return !this.#used.has(nonce) && issuedAtMs > this.#forgottenUntilMs;
  }

  record(nonce: string, issuedAtMs: number, count: number): void {
    this.#used.delete(nonce);
    this.#used.set(nonce, { highest: count, issuedAtMs });
    if (this.#used.size <= this.#limit) return;
    for (const [oldest, used] of this.#used) {
      this.#used.delete(oldest);
      this.#forgottenUntilMs = Math.max(this.#forgottenUntilMs, used.issuedAtMs);
      return;
    }
  }
}
