import type { TransactionLayer } from "../transaction/index.ts";
import type { Target } from "../transport/target.ts";

/**
 * The ACK for a 2xx as it was sent: repeated whenever that 2xx comes again (RFC 3261 §13.2.2.4). All that outlives a call
 * of ours as UAC, for half a minute, so it holds nothing but what it needs.
 */
export class SuccessAck {
  readonly sequenceNumber: number;
  readonly #text: string;
  readonly #target: Target;

  constructor(sequenceNumber: number, text: string, target: Target) {
    this.sequenceNumber = sequenceNumber;
    this.#text = text;
    this.#target = target;
  }

  repeat(layer: TransactionLayer): void {
    layer.repeatStatelessly(this.#text, this.#target);
  }
}

/** The ACKs of one dialog: the last one, since only the last 2xx can come again. */
export class SuccessAcks {
  /** To tag of the 2xx. */
  readonly remoteTag: string;
  last: SuccessAck | undefined = undefined;

  constructor(remoteTag: string) {
    this.remoteTag = remoteTag;
  }

  /** Sends the last ACK again when it is the one for that CSeq; false when it is not. */
  repeat(layer: TransactionLayer, sequenceNumber: number): boolean {
    if (this.last?.sequenceNumber !== sequenceNumber) return false;
    this.last.repeat(layer);
    return true;
  }
}
