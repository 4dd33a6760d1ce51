import { maximumDatagramBytes } from "./messages.ts";

/** Lengths up to here have one view each that stays: no media packet is longer, and none makes an object. */
const keptViews = 2048;

/** Room for the longest datagram, and views of its beginning. */
export class PacketMemory {
  readonly bytes = Buffer.allocUnsafeSlow(maximumDatagramBytes);
  readonly #views: Buffer[] = [];

  /** The first bytes; the same object each time. */
  view(length: number): Buffer {
    const kept = this.#views[length];
    if (kept !== undefined) return kept;
    const view = this.bytes.subarray(0, length);
    if (length <= keptViews) this.#views[length] = view;
    return view;
  }
}
