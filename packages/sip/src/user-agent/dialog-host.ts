import type { Clock } from "@tandem/clock";
import type { Locator } from "../locate/index.ts";
import type { createResponse, SipRequest, SipResponse } from "../message/index.ts";
import type { ServerTransaction, TransactionLayer, TransactionTimers } from "../transaction/index.ts";
import type { Flow, TransportProtocol } from "../transport/flow.ts";

/** What happens to a request inside a dialog, or an ACK for a 2xx. An `InviteUas` in its early dialogs, or an `InviteUsage`. */
export interface DialogHandler {
  onRequest(request: SipRequest, transaction: ServerTransaction): void;
  onAck(request: SipRequest): void;
  /** A 2xx to INVITE that no client transaction knows any more. */
  onStraySuccess(response: SipResponse): void;
}

/** Who is told what happens to an INVITE or re-INVITE before its final response. */
export interface InviteWatcher {
  /** A CANCEL matched it. */
  onCancel(cancel: SipRequest): void;
  /** A response certainly did not go out, and there is no other way to the sender. */
  onTransportError?(): void;
}

/** What invites and usages need of the user agent. */
export interface DialogHost {
  readonly clock: Clock;
  readonly locator: Locator;
  readonly timers: TransactionTimers;
  /** Value of User-Agent and Server. */
  readonly productName: string;
  readonly layer: TransactionLayer;
  /** Contact of ours on an interface: advertised address, bound port, and nothing of the network inside. */
  contact(interfaceName: string, protocol: TransportProtocol, isSips?: boolean): string;
  /** A response skeleton with our Server header field (RFC 3261 §8.2.6, RFC 3581 §4). */
  response(
    request: SipRequest,
    flow: Flow,
    statusCode: number,
    options?: { reasonPhrase?: string | undefined; toTag?: string; copyRecordRoute?: boolean },
  ): ReturnType<typeof createResponse>;
  addDialog(callId: string, localTag: string, remoteTag: string, handler: DialogHandler): void;
  removeDialog(callId: string, localTag: string, remoteTag: string): void;
  /** Tells `watcher` what happens to that INVITE, until `unwatchCancel`. */
  watchCancel(transaction: ServerTransaction, watcher: InviteWatcher): void;
  /** The INVITE is over (answered or refused): a CANCEL no longer reaches it. */
  unwatchCancel(transaction: ServerTransaction): void;
}
