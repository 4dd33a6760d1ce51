import type { Question } from "./query.ts";
import type { ZoneRecord } from "./zone-record.ts";

/** What goes back, before it is bytes. */
export interface Response {
  readonly id: number;
  readonly opcode: number;
  readonly isRecursionDesired: boolean;
  readonly isAuthoritative: boolean;
  /** Above 15 only with `edns`. */
  readonly responseCode: number;
  /** Undefined: the question could not be read. */
  readonly question: Question | undefined;
  readonly answers: readonly ZoneRecord[];
  readonly authorities: readonly ZoneRecord[];
  /** Records of one owner stand together; they are sent as far as there is room. */
  readonly additionals: readonly ZoneRecord[];
  /** OPT is sent if and only if the client sent one. RFC 6891 §6.1.1. */
  readonly edns: { readonly isDnssecOk: boolean } | undefined;
}
