import { mappedAddress } from "./mapped-address.ts";

/** Past so many all are forgotten and found anew: peers are far fewer. */
export const maximumFarAddresses = 4096;

/**
 * Far addresses as the program has them, the same buffer for the same text: a call names six, and a buffer takes more of
 * the heap than all numbers of a flow. Nobody may write to them.
 */
export class FarAddresses {
  readonly #known = new Map<string, Buffer>();

  /** Undefined: the text is no address. */
  of(text: string | undefined): Buffer | undefined {
    if (text === undefined) return undefined;
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const mapped = mappedAddress(text);
    if (mapped === undefined) return undefined;
    if (this.#known.size >= maximumFarAddresses) this.#known.clear();
    // A copy: the text may be a piece of a message, which it would keep alive.
    this.#known.set(Buffer.from(text, "latin1").toString("latin1"), mapped);
    return mapped;
  }
}
