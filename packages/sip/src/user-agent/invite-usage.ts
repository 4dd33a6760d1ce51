import type { Dialog } from "../dialog/index.ts";
import type { HeaderFields, OutgoingResponse, SipRequest, SipResponse } from "../message/index.ts";
import type { ClientTransactionUser, ServerTransaction } from "../transaction/index.ts";
import type { Flow } from "../transport/flow.ts";
import type { Target } from "../transport/target.ts";
import type { DialogHandler, DialogHost } from "./dialog-host.ts";
import { InDialogRequest } from "./in-dialog-request.ts";
import { type Path, resolveUri, targetOfFlow } from "./next-hop.ts";
import { type DigestIdentity, fill, type RequestContent } from "./request-content.ts";
import { SuccessAck, SuccessAcks } from "./success-ack.ts";
import { SuccessRetransmission } from "./success-retransmission.ts";

export interface InviteUsageUser {
  /** A request in order within the dialog, BYE and re-INVITE included. The user answers it. */
  onRequest(request: SipRequest, transaction: ServerTransaction, usage: InviteUsage): void;
  /** The first ACK for a 2xx of ours. */
  onAck(request: SipRequest, usage: InviteUsage): void;
  /** 64*T1 without an ACK (RFC 3261 §13.3.1.4). */
  onNoAck(usage: InviteUsage): void;
}

/** What belongs to the set-up of a dialog: PRACK for responses of ours, and what ends the set-up itself. */
export interface EarlyRequests {
  /** False: it is the user's to answer. */
  onEarlyRequest(request: SipRequest, transaction: ServerTransaction): boolean;
  onClosed(): void;
}

/**
 * The INVITE usage of a dialog, confirmed or early with reliable provisional responses (RFC 5057 §2): sends and receives
 * its requests, retransmits our 2xx until the ACK comes, repeats our ACK when a 2xx comes again.
 *
 *   open ──close()──▶ closed                 nothing is retransmitted any more; requests get 481 from the user agent
 *   open ──bye()──▶ ending ──answer to our BYE, 64*T1──▶ closed
 *
 * ending: the user hears nothing more. A BYE of the peer that crosses ours gets its 200 (RFC 5407 §3.1), anything else
 * 481. A callee sends no BYE before the ACK (RFC 3261 §15): until then the 2xx is still repeated.
 */
export class InviteUsage implements DialogHandler, ClientTransactionUser {
  readonly dialog: Dialog;
  readonly path: Path;
  readonly agent: DialogHost;
  /** Credentials for challenges inside the dialog; set by the user before the first request. */
  credentials: DigestIdentity | undefined;
  /** Asked before the user; undefined when nothing was sent reliably in the set-up. */
  early: EarlyRequests | undefined;
  /** Those of the INVITE that the next ACK is for. */
  ackCredentials: HeaderFields | undefined;
  /** What the transaction of our INVITE keeps of the usage. */
  readonly acks: SuccessAcks;
  #user: InviteUsageUser;
  /** The flow that leads back to the peer whatever its Contact says; undefined when its next hop is to be located. */
  readonly #flow: Flow | undefined;
  #target: Target | undefined;
  #targetOf = "";
  #pendingSuccess: { transaction: ServerTransaction; sequenceNumber: number } | undefined;
  #retransmission: SuccessRetransmission | undefined;
  /** CSeq of our INVITE whose 2xx has no ACK yet. */
  #owedAck: number | undefined;
  #state: "open" | "ending" | "closed" = "open";
  #byeHeaderFields: HeaderFields | undefined;

  constructor(agent: DialogHost, dialog: Dialog, path: Path, user: InviteUsageUser, flow?: Flow) {
    this.agent = agent;
    this.dialog = dialog;
    this.acks = new SuccessAcks(dialog.remoteTag);
    this.path = path;
    this.#user = user;
    this.#flow = flow;
    agent.addDialog(dialog.callId, dialog.localTag, dialog.remoteTag, this);
  }

  /** Nothing of the user's is sent or received any more. */
  get isClosed(): boolean {
    return this.#state !== "open";
  }

  /** True while a 2xx of ours waits for its ACK. */
  get awaitsAck(): boolean {
    return this.#pendingSuccess !== undefined;
  }

  get contact(): string {
    const protocol = this.#target?.protocol ?? this.#flow?.protocol ?? "UDP";
    return this.agent.contact(this.path.interfaceName, protocol, isSipsContact(this.dialog.localContact));
  }

  /** Who hears of the dialog from now on. */
  setUser(user: InviteUsageUser): void {
    if (this.#state === "open") this.#user = user;
  }

  /** The user hears nothing more; what belongs to the set-up is still answered, until `close`. */
  leave(): void {
    this.#user = leftAlone;
  }

  /** Known address of the peer: taken when its Contact can't be located. */
  rememberTarget(target: Target): void {
    if (this.#target !== undefined) return;
    this.#target = target;
  }

  /** Sends a 2xx to an INVITE or re-INVITE and repeats it until the ACK with its CSeq comes. */
  answerInvite(transaction: ServerTransaction, response: OutgoingResponse, sequenceNumber: number): void {
    this.#retransmission?.stop();
    this.#pendingSuccess = { transaction, sequenceNumber };
    this.#retransmission = new SuccessRetransmission(this.agent.clock, this.agent.timers, this);
    transaction.respond(response);
  }

  /** @internal */
  retransmitSuccess(): void {
    this.#pendingSuccess?.transaction.retransmit();
  }

  /** @internal */
  onNoAck(): void {
    this.#retransmission = undefined;
    this.#pendingSuccess = undefined;
    if (this.#state === "ending") this.#sendBye();
    else this.#user.onNoAck(this);
  }

  onRequest(request: SipRequest, transaction: ServerTransaction): void {
    if (this.dialog.checkRequest(request) === "out-of-order") {
      transaction.respond(
        this.agent.response(request, transaction.flow, 500, { reasonPhrase: "CSeq is out of order" }),
      );
      return;
    }
    if (this.early?.onEarlyRequest(request, transaction) === true) return;
    if (this.#state === "open") {
      this.#user.onRequest(request, transaction, this);
      return;
    }
    const isBye = request.method === "BYE";
    transaction.respond(this.agent.response(request, transaction.flow, isBye ? 200 : 481));
    if (isBye) this.close();
  }

  onAck(request: SipRequest): void {
    const pending = this.#pendingSuccess;
    if (pending === undefined || request.cseqNumber !== pending.sequenceNumber) return;
    this.#pendingSuccess = undefined;
    this.#retransmission?.stop();
    this.#retransmission = undefined;
    if (this.#state === "ending") this.#sendBye();
    else this.#user.onAck(request, this);
  }

  onStraySuccess(response: SipResponse): void {
    this.repeatAck(response.cseqNumber);
  }

  /** A 2xx to our INVITE has come: the user acknowledges it, or the usage does when it ends (RFC 3261 §13.2.2.4). */
  noteSuccess(sequenceNumber: number): void {
    this.#owedAck = sequenceNumber;
    if (this.#state !== "open") this.#payAck();
  }

  /** ACK for a 2xx to our INVITE or re-INVITE with that CSeq; kept for a 2xx that comes again. */
  acknowledge(sequenceNumber: number, content: RequestContent = {}): void {
    // Closing has paid what was owed.
    if (this.#state === "closed" && this.#owedAck !== sequenceNumber) return;
    if (this.#owedAck === sequenceNumber) this.#owedAck = undefined;
    const ack = this.dialog.createRequest("ACK", { sequenceNumber });
    if (this.ackCredentials !== undefined) ack.headerFields.appendAll(this.ackCredentials);
    fill(ack.headerFields, content);
    ack.body = content.body ?? "";
    this.withTarget((target) => {
      if (target === undefined) return;
      const text = this.agent.layer.sendStatelessly(ack, target);
      this.acks.last = new SuccessAck(sequenceNumber, text, target);
    });
  }

  /** Sends the same ACK again, if it was sent once. */
  repeatAck(sequenceNumber: number): boolean {
    return this.acks.repeat(this.agent.layer, sequenceNumber);
  }

  /** Sends a request within the dialog; a challenge is answered once when `credentials` are set. */
  request(method: string, content: RequestContent, user: ClientTransactionUser): InDialogRequest {
    const request = new InDialogRequest(this, method, content, user);
    request.send();
    return request;
  }

  /**
   * BYE without anybody waiting for its answer (RFC 3261 §15.1.1), then closed. As callee: after the ACK for our 2xx,
   * and none at all when the 2xx was not sent yet (RFC 3261 §15).
   */
  bye(headerFields?: HeaderFields): void {
    if (this.#state !== "open") return;
    if (this.dialog.state === "early") {
      this.close();
      return;
    }
    this.#byeHeaderFields = headerFields;
    const isAnswering = this.#pendingSuccess?.transaction.isInDialog === false;
    if (isAnswering) this.#state = "ending";
    else this.#sendBye();
  }

  /** Forgets the dialog. Idempotent. */
  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#payAck();
    this.#stopRepeating();
    this.early?.onClosed();
    // The transaction of a re-INVITE keeps the usage for half a minute, to repeat an ACK; the call behind it may go now.
    this.#user = nobody;
    this.dialog.state = "terminated";
    this.agent.removeDialog(this.dialog.callId, this.dialog.localTag, this.dialog.remoteTag);
  }

  /** Where requests of this dialog go: the flow the peer keeps open, else its next hop (RFC 3261 §12.2.1.1, RFC 3263). */
  withTarget(use: (target: Target | undefined) => void): void {
    const flow = this.#flow;
    if (flow?.isOpen === true && this.dialog.routeSet.length === 0) {
      use(targetOfFlow(flow));
      return;
    }
    const nextHop = this.dialog.nextHop();
    if (this.#target !== undefined && this.#targetOf === nextHop) {
      use(this.#target);
      return;
    }
    resolveUri(this.agent.locator, nextHop, this.path, (resolved) => {
      const target = resolved.ok ? resolved.targets[0] : this.#target;
      if (target !== undefined) {
        this.#target = target;
        this.#targetOf = nextHop;
      }
      use(target);
    });
  }

  #payAck(): void {
    if (this.#owedAck !== undefined) this.acknowledge(this.#owedAck);
  }

  #sendBye(): void {
    this.#payAck();
    this.#state = "ending";
    this.#stopRepeating();
    this.#user = nobody;
    this.request("BYE", { headerFields: this.#byeHeaderFields }, this);
  }

  /** @internal To our BYE; whatever it says, it ends the dialog (RFC 3261 §15.1.1). */
  onResponse(response: SipResponse): void {
    if (response.statusCode >= 200) this.close();
  }

  /** @internal Nobody answers our BYE. */
  onFailure(): void {
    this.close();
  }

  #stopRepeating(): void {
    this.#retransmission?.stop();
    this.#retransmission = undefined;
    this.#pendingSuccess = undefined;
  }
}

/** What the peer knows us by stays of its kind (RFC 3261 §12.2.1.1). */
function isSipsContact(contact: string): boolean {
  return contact.startsWith("<sips:");
}

/** A user for a usage that nobody listens to. */
export const nobody: InviteUsageUser = { onRequest() {}, onAck() {}, onNoAck() {} };

/** Of a set-up that is over: whatever else comes belongs to no call. */
const leftAlone: InviteUsageUser = {
  onRequest(request, transaction, usage) {
    transaction.respond(usage.agent.response(request, transaction.flow, 481));
  },
  onAck() {},
  onNoAck() {},
};
