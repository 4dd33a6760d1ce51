import type { RequestFault, SipRequest, SipResponse, SipSyntaxError } from "../message/index.ts";
import type { Flow } from "../transport/flow.ts";
import type { ServerTransaction } from "./server-transaction.ts";

/** The layer above (RFC 3261 §5: "transaction user"). */
export interface TransactionUser {
  /** A new request. Never an ACK, never a CANCEL. */
  onRequest(request: SipRequest, transaction: ServerTransaction): void;
  /** An ACK that no transaction absorbs: for a 2xx. */
  onAck(request: SipRequest, flow: Flow): void;
  /**
   * A CANCEL matched an INVITE that has no final response yet; the layer has sent its 200. Once per INVITE.
   * The TU answers the INVITE with 487.
   */
  onCancel(invite: ServerTransaction, cancel: SipRequest): void;
  /** A response to INVITE that matches no client transaction any more: a late or forked 2xx, a 1xx after timer B. */
  onStrayResponse(response: SipResponse, flow: Flow): void;
  /** A malformed message that was dropped without an answer. */
  onUnanswerable?(fault: RequestFault | SipSyntaxError, flow: Flow): void;
}
