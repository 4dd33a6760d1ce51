/** What was asked, as it stands on the wire. */
export interface Question {
  /** The name without compression, its case as it came: it is sent back so (0x20, draft-vixie-dnsext-dns0x20). */
  readonly nameBytes: Buffer;
  /** The name's labels with ASCII letters in lower case, one character a byte. A label may hold any byte, dots too. */
  readonly labels: readonly string[];
  readonly type: number;
  readonly class: number;
}

/** What the client said in its OPT record. RFC 6891. */
export interface ClientEdns {
  readonly version: number;
  /** As announced; see `minimumUdpPayloadBytes`. */
  readonly payloadBytes: number;
  /** The bit DO, which is sent back (RFC 3225 §3). */
  readonly isDnssecOk: boolean;
}

export interface QueryHeader {
  readonly id: number;
  readonly opcode: number;
  readonly isRecursionDesired: boolean;
}

export interface Query extends QueryHeader {
  readonly question: Question;
  readonly edns: ClientEdns | undefined;
}

export type ReadQuery =
  | { readonly kind: "query"; readonly query: Query }
  /** A header, and nonsense behind it: worth a FORMERR. */
  | { readonly kind: "malformed"; readonly header: QueryHeader }
  /** No header, or a response: not worth an answer, which could be the next message of an endless exchange. */
  | { readonly kind: "ignored" };
