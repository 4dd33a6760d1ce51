/** Whose doing it is: what the alert's reader should look at first. */
export type Blame = "caller" | "callee" | "customer" | "carrier" | "exchange" | "network";

export type ReasonLevel = "error" | "warning";

/** Why a call was refused, skipped a candidate, lost an attempt or was ended; or what an alert is about. */
export interface Reason {
  /** Stable number. The reference system's where it has one, our own from 90001 on. */
  readonly code: number;
  /** Stable kebab-case name. */
  readonly name: string;
  /** SIP status code of the refusal; undefined: nothing is answered, or the call had been answered already. */
  readonly statusCode: number | undefined;
  /** Reason phrase of that response; "" without a status code. */
  readonly reasonPhrase: string;
  /** Cause for the Reason header field (ITU-T Q.850); undefined: none is sent. */
  readonly q850Cause: number | undefined;
  /** Warning code of the refusal (RFC 3261 §20.43); left out: 399, which says nothing by itself. */
  readonly warnCode?: number;
  readonly blame: Blame;
  /** Whether the same call may succeed later or over another candidate without anybody changing anything. */
  readonly isRetryable: boolean;
  readonly level: ReasonLevel;
  /** What happened and what to do about it, for people. */
  readonly text: string;
}

/** A reason as its table writes it: the name follows from the key. */
export type ReasonEntry = Omit<Reason, "name">;

/** Keeps the keys of a table as literal types. */
export function reasonTable<K extends string>(table: Record<K, ReasonEntry>): Record<K, ReasonEntry> {
  return table;
}
