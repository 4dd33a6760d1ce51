import { Dialog } from "../dialog/index.ts";
import type { HeaderFields, OutgoingRequest, SipResponse } from "../message/index.ts";
import type { ClientTransaction, ClientTransactionUser } from "../transaction/index.ts";
import type { Target } from "../transport/target.ts";
import type { DialogHost } from "./dialog-host.ts";
import { EarlyUacDialogs, isReliable } from "./early-uac-dialogs.ts";
import { InviteUsage, type InviteUsageUser, nobody } from "./invite-usage.ts";
import type { ReliableResponse } from "./reliable-response.ts";
import { credentialNames, credentialsIn } from "./request-content.ts";
import type { SuccessAcks } from "./success-ack.ts";
import { refuseSuccess } from "./unusable-success.ts";

export interface InviteUacUser {
  /**
   * 101-199, and 100 as well: the first of them says that the peer lives. One that is `reliable` is repeated until the user
   * acknowledges it.
   */
  onProvisional(response: SipResponse, invite: InviteUac, reliable: ReliableResponse | undefined): void;
  /** The first 2xx. The user acknowledges it through the usage. */
  onAnswer(response: SipResponse, usage: InviteUsage, invite: InviteUac): void;
  /** 300-699; its ACK was sent. */
  onRejected(response: SipResponse, invite: InviteUac): void;
  /** No response within 64*T1, or the transport failed. */
  onFailed(kind: "timeout" | "transport-error", text: string, invite: InviteUac): void;
}

/**
 * The UAC side of one INVITE to one target.
 *
 *   calling ──1xx──▶ proceeding ──2xx──▶ answered           any further 2xx with another To tag: ACK, then BYE
 *   calling, proceeding ──3xx-6xx, failure──▶ failed
 *   calling, proceeding ──abandon()──▶ abandoned            the user hears no more of it
 *
 * abandoned: RFC 3261 §9.1 allows no CANCEL before a provisional response, so a late 1xx gets the CANCEL then, and
 * a late 2xx gets ACK and BYE: nobody stays answered without a caller.
 */
export class InviteUac implements ClientTransactionUser {
  readonly request: OutgoingRequest;
  readonly target: Target;
  readonly #agent: DialogHost;
  #user: InviteUacUser;
  #usageUser: InviteUsageUser;
  #state: "calling" | "proceeding" | "answered" | "failed" | "abandoned" = "calling";
  #hasProvisional = false;
  #cancelHeaderFields: HeaderFields | undefined;
  #transaction: ClientTransaction | undefined;
  /** Of the first 2xx, to repeat its ACK. */
  #acks: SuccessAcks | undefined;
  /** Of forked 2xx whose dialogs were ended at once. */
  #surplus: SuccessAcks[] | undefined;
  #hasRefused = false;
  /** Undefined until a provisional response is reliable. */
  #early: EarlyUacDialogs | undefined;

  constructor(
    agent: DialogHost,
    request: OutgoingRequest,
    target: Target,
    user: InviteUacUser,
    usageUser: InviteUsageUser,
  ) {
    this.#agent = agent;
    this.request = request;
    this.target = target;
    this.#user = user;
    this.#usageUser = usageUser;
  }

  get state(): "calling" | "proceeding" | "answered" | "failed" | "abandoned" {
    return this.#state;
  }

  /** No final response, and nobody has given up. */
  get #isWaiting(): boolean {
    return this.#state === "calling" || this.#state === "proceeding";
  }

  send(): void {
    this.#transaction = this.#agent.layer.send(this.request, this.target, this);
  }

  /** Gives the attempt up. `headerFields` (a Reason, say) go into the CANCEL. Idempotent; nothing after a final response. */
  abandon(headerFields?: HeaderFields): void {
    if (!this.#isWaiting) return;
    this.#state = "abandoned";
    this.#cancelHeaderFields = headerFields;
    this.#early?.close();
    if (this.#hasProvisional) this.#cancel();
  }

  onResponse(response: SipResponse): void {
    if (response.statusCode < 200) this.#onProvisional(response);
    else if (response.statusCode < 300) this.#onSuccess(response);
    else this.#onRejection(response);
  }

  onFailure(kind: "timeout" | "transport-error", text: string): void {
    if (!this.#isWaiting) return;
    this.#state = "failed";
    this.#early?.close();
    this.#user.onFailed(kind, text, this);
  }

  #onProvisional(response: SipResponse): void {
    this.#hasProvisional = true;
    if (this.#state === "abandoned") {
      this.#cancel();
      return;
    }
    if (this.#state === "calling") this.#state = "proceeding";
    if (this.#state !== "proceeding") return;
    if (!isReliable(response)) {
      this.#user.onProvisional(response, this, undefined);
      return;
    }
    this.#early ??= new EarlyUacDialogs(this.#agent, this.request, this.target, this.#usageUser);
    const reliable = this.#early.take(response);
    if (reliable !== undefined) this.#user.onProvisional(response, this, reliable);
  }

  #onSuccess(response: SipResponse): void {
    if (this.#repeatAck(response)) return;
    const usage = this.#usageOf(response);
    if (usage === undefined) return;
    if (this.#isWaiting) {
      this.#state = "answered";
      this.#acks = usage.acks;
      usage.noteSuccess(response.cseqNumber);
      const user = this.#user;
      this.#early?.close(usage);
      this.#detach();
      user.onAnswer(response, usage, this);
      return;
    }
    this.#surplus ??= [];
    this.#surplus.push(usage.acks);
    usage.acknowledge(response.cseqNumber);
    usage.bye();
  }

  /** The dialog that a 2xx opens or confirms; undefined: none, and the 2xx was refused. */
  #usageOf(response: SipResponse): InviteUsage | undefined {
    const usage = this.#openedBy(response);
    if (usage !== undefined) usage.ackCredentials = credentialsIn(this.request.headerFields);
    return usage;
  }

  #openedBy(response: SipResponse): InviteUsage | undefined {
    // A 2xx that confirms an early dialog needs a Contact as well.
    const dialog = Dialog.fromResponse(this.request, response);
    if (!dialog.ok) {
      this.#refuseSuccess(response, dialog.error.text);
      return undefined;
    }
    if (this.#early !== undefined) {
      const known = this.#early.confirm(response);
      if (known !== undefined) return known;
      dialog.value.localSequenceNumber = this.#early.sequenceNumberOf(response);
    }
    const usage = new InviteUsage(this.#agent, dialog.value, this.target, this.#usageUser);
    usage.rememberTarget(this.target);
    return usage;
  }

  /**
   * Nothing is left to tell: the transaction, which lives on for repeated 2xx, must not hold the call behind it, nor of
   * the INVITE more than the dialog of a forked 2xx is made of.
   */
  #detach(): void {
    this.#user = nobodyCalling;
    this.#usageUser = nobody;
    this.request.body = "";
    this.request.headerFields.retain(dialogHeaderFields);
  }

  /** A 2xx without a usable Contact opens no dialog: the attempt has failed, and the callee must not stay answered. */
  #refuseSuccess(response: SipResponse, text: string): void {
    refuseSuccess(this.#agent.layer, this.request, response, this.target, !this.#hasRefused);
    this.#hasRefused = true;
    if (!this.#isWaiting) return;
    this.#state = "failed";
    this.#early?.close();
    this.#user.onFailed("transport-error", `unusable 2xx: ${text}`, this);
  }

  #repeatAck(response: SipResponse): boolean {
    const toTag = response.toTag;
    const acks =
      this.#acks?.remoteTag === toTag
        ? this.#acks
        : this.#surplus?.find((surplus) => surplus.remoteTag === toTag);
    acks?.repeat(this.#agent.layer, response.cseqNumber);
    return acks !== undefined;
  }

  #onRejection(response: SipResponse): void {
    if (!this.#isWaiting) return;
    this.#state = "failed";
    this.#early?.close();
    this.#user.onRejected(response, this);
  }

  /** The layer cancels an INVITE once only. */
  #cancel(): void {
    if (this.#transaction !== undefined)
      this.#agent.layer.cancel(this.#transaction, this.#cancelHeaderFields);
  }
}

/** Of an INVITE: what `Dialog.fromResponse` and the ACKs for further 2xx are written from. */
const dialogHeaderFields: readonly string[] = [
  "From",
  "To",
  "Call-ID",
  "CSeq",
  "Contact",
  ...credentialNames,
];

const nobodyCalling: InviteUacUser = { onProvisional() {}, onAnswer() {}, onRejected() {}, onFailed() {} };
