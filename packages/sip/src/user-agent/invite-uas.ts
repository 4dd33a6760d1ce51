import { isIP } from "node:net";
import type { Timer } from "@tandem/clock";
import { Dialog } from "../dialog/index.ts";
import type { HeaderFields, OutgoingResponse, SipRequest } from "../message/index.ts";
import type { ServerTransaction } from "../transaction/index.ts";
import type { Flow } from "../transport/flow.ts";
import { allowedMethods, isAllowedMethod } from "./allowed-methods.ts";
import type { DialogHandler, DialogHost, InviteWatcher } from "./dialog-host.ts";
import { EarlyUasDialog, type EarlyUasDialogUser } from "./early-uas-dialog.ts";
import { newTag } from "./identifiers.ts";
import { InviteUsage, type InviteUsageUser } from "./invite-usage.ts";
import type { PrackHandler } from "./reliable-provisionals.ts";
import { asksForSips } from "./secure-contact.ts";
import { supportedOptions } from "./supported-options.ts";

export interface InviteUasUser {
  /**
   * The caller gave up: by CANCEL, by BYE in an early dialog, or because its transport died. 487 was sent already.
   * `request` is the CANCEL or the BYE.
   */
  onCancelled(how: "cancel" | "bye" | "transport", request: SipRequest | undefined): void;
  /** The caller acknowledges no reliable response (RFC 3262 §3): the user rejects the INVITE. */
  onNoPrack(): void;
}

export interface InviteResponse {
  readonly reasonPhrase?: string;
  /** Copied into the response as they stand. */
  readonly headerFields?: HeaderFields | undefined;
  readonly body?: string;
  readonly contentType?: string;
}

/**
 * RFC 3261 §13.3.1.1: a caller whose INVITE takes its time hears of it every minute, in a response other than 100, since proxies
 * on the way give it up after three.
 */
const reminderMs = 60_000;

/** RFC 3261 §17.2.1: a 100 must go out within 200 ms unless something better did; one that comes sooner saves a packet. */
const tryingDelayMs = 100;

/**
 * The UAS side of one INVITE outside a dialog.
 *
 *   proceeding ──provisional()──▶ proceeding     every To tag used here is an early dialog of its own
 *   proceeding ──provisionalReliably()──▶ proceeding     and repeated until its PRACK comes
 *   proceeding ──answer()──▶ answered            an InviteUsage takes over
 *   proceeding ──reject()──▶ rejected
 *   proceeding ──CANCEL, BYE, transport error──▶ rejected (487), the user is told
 */
export class InviteUas implements DialogHandler, InviteWatcher, EarlyUasDialogUser {
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly #agent: DialogHost;
  readonly #transaction: ServerTransaction;
  readonly #earlyTags: string[] = [];
  /** Those with reliable responses. */
  readonly #reliable: EarlyUasDialog[] = [];
  /** A 2xx that waits for the PRACK before it. */
  #heldAnswer: { readonly usage: InviteUsage; readonly response: InviteResponse } | undefined;
  #user: InviteUasUser | undefined;
  #trying: Timer | undefined;
  /** The last one that was not sent reliably. */
  #lastProvisional: OutgoingResponse | undefined;
  #reminder: Timer | undefined;
  /** To tag of the first response with one: the failure has it too (RFC 3261 §8.2.6.2). */
  #toTag = "";
  #state: "proceeding" | "answered" | "rejected" = "proceeding";
  #finalStatusCode = 0;

  constructor(agent: DialogHost, request: SipRequest, transaction: ServerTransaction) {
    this.#agent = agent;
    this.request = request;
    this.#transaction = transaction;
    this.flow = transaction.flow;
    this.#trying = agent.clock.schedule(tryingDelayMs, sendTrying, this);
  }

  /** A SIPS URI is of use only where we are reached by TLS. */
  get #contact(): string {
    const { interfaceName, protocol, isSecure } = this.flow;
    return this.#agent.contact(interfaceName, protocol, isSecure && asksForSips(this.request));
  }

  get state(): "proceeding" | "answered" | "rejected" {
    return this.#state;
  }

  /** 0 until a final response was sent. */
  get finalStatusCode(): number {
    return this.#finalStatusCode;
  }

  setUser(user: InviteUasUser): void {
    this.#user = user;
  }

  /** Sends a 100 now. Given again, it says that the INVITE is still worked on. Ignored after a final response. */
  trying(): void {
    this.#stopTrying();
    if (this.#state !== "proceeding") return;
    this.#transaction.respond(this.#agent.response(this.request, this.flow, 100));
  }

  /** Sends 101-199 in the early dialog `toTag`, the last one again every minute. Ignored after a final response. */
  provisional(statusCode: number, toTag: string, response: InviteResponse = {}): void {
    if (this.#state !== "proceeding") return;
    this.#stopTrying();
    this.#registerEarly(toTag);
    this.#lastProvisional = this.#build(statusCode, toTag, response, true);
    this.remind();
  }

  /** @internal Sends the last provisional response, and again in a minute. */
  remind(): void {
    this.#reminder?.cancel();
    if (this.#lastProvisional === undefined) return;
    this.#reminder = this.#agent.clock.schedule(reminderMs, remind, this);
    this.#transaction.respond(this.#lastProvisional);
  }

  /**
   * Sends 101-199 so that the caller has to acknowledge it with PRACK, which `handler` answers; without one it gets a 200
   * here. `user` hears of other requests in the early dialog, which is returned. Undefined when the INVITE is over already
   * or allows no dialog.
   */
  provisionalReliably(
    statusCode: number,
    toTag: string,
    response: InviteResponse,
    user: InviteUsageUser,
    handler?: PrackHandler,
  ): InviteUsage | undefined {
    if (this.#state !== "proceeding") return undefined;
    const early = this.#reliableDialog(toTag) ?? this.#openReliably(toTag, user);
    if (early === undefined) return undefined;
    this.#stopTrying();
    early.send(this.#build(statusCode, toTag, response, true), handler);
    return early.usage;
  }

  /** Whether the caller has acknowledged a session description of that early dialog: the 2xx has none then (RFC 6337 §2.1). */
  hasAcknowledgedBody(toTag: string): boolean {
    return this.#reliableDialog(toTag)?.hasAcknowledgedBody === true;
  }

  /**
   * Opens the confirmed dialog of a 2xx that `answer` will send: in between, both legs can be journalled and a CANCEL
   * still gets through. Undefined when the INVITE is over already or allows no dialog.
   */
  accept(toTag: string, user: InviteUsageUser): InviteUsage | undefined {
    if (this.#state !== "proceeding") return undefined;
    const early = this.#reliableDialog(toTag);
    this.#dropEarlyDialogs(early);
    if (early === undefined) return this.#openUsage(toTag, user);
    early.usage.setUser(user);
    return early.usage;
  }

  /**
   * Sends the 2xx, as soon as no session description before it waits for its PRACK; the usage repeats it until the ACK comes.
   * False when the INVITE is over: the usage is closed then.
   */
  answer(usage: InviteUsage, response: InviteResponse): boolean {
    if (this.#state !== "proceeding") {
      usage.close();
      return false;
    }
    const early = this.#reliableDialog(usage.dialog.localTag);
    if (early?.holdsSuccess === true) {
      this.#heldAnswer = { usage, response };
      return true;
    }
    early?.confirm();
    usage.dialog.state = "confirmed";
    this.#end("answered", 200);
    const success = this.#build(200, usage.dialog.localTag, response, true);
    usage.answerInvite(this.#transaction, success, this.request.cseqNumber);
    return true;
  }

  /** A failure is sent once for each copy of the INVITE from now on, and not repeated until its ACK comes. */
  rejectWithoutRepeating(): void {
    this.#transaction.repeatsFailure = false;
  }

  /** Sends 300-699. Ignored after a final response. */
  reject(statusCode: number, response: InviteResponse = {}): void {
    if (this.#state !== "proceeding") return;
    const toTag = this.#toTag === "" ? newTag() : this.#toTag;
    this.#end("rejected", statusCode);
    this.#transaction.respond(this.#build(statusCode, toTag, response, false));
  }

  /** @internal */
  onAllAcknowledged(): void {
    const held = this.#heldAnswer;
    this.#heldAnswer = undefined;
    if (held !== undefined) this.answer(held.usage, held.response);
  }

  /** @internal */
  onNoPrack(): void {
    if (this.#state === "proceeding") this.#user?.onNoPrack();
  }

  /** @internal BYE in an early dialog. */
  onBye(request: SipRequest, transaction: ServerTransaction): void {
    transaction.respond(this.#agent.response(request, transaction.flow, 200));
    this.#giveUp("bye", request);
  }

  /** @internal CANCEL matched this INVITE (RFC 3261 §9.2). */
  onCancel(cancel: SipRequest): void {
    this.#giveUp("cancel", cancel);
  }

  /** @internal Over UDP the next retransmission of the INVITE may come by a path that works (RFC 6026 §8.8). */
  onTransportError(): void {
    if (this.flow.isReliable) this.#giveUp("transport", undefined);
  }

  /** A request in one of the early dialogs. The caller may send BYE there (RFC 3261 §15); the rest has to wait. */
  onRequest(request: SipRequest, transaction: ServerTransaction): void {
    if (request.method === "BYE") {
      this.onBye(request, transaction);
      return;
    }
    if (request.method === "PRACK") {
      transaction.respond(this.#agent.response(request, transaction.flow, 481));
      return;
    }
    if (request.method === "INFO" && request.has("Info-Package")) {
      // RFC 6086 §4.2.2: willingness is said reliably, and nothing here was.
      const unwilling = this.#agent.response(request, transaction.flow, 469);
      unwilling.headerFields.append("Recv-Info", "");
      transaction.respond(unwilling);
      return;
    }
    const canWait = isAllowedMethod(request.method);
    const refused = this.#agent.response(request, transaction.flow, canWait ? 500 : 405);
    if (canWait) refused.headerFields.append("Retry-After", "3");
    else refused.headerFields.append("Allow", allowedMethods);
    transaction.respond(refused);
  }

  onAck(): void {}

  onStraySuccess(): void {}

  #giveUp(how: "cancel" | "bye" | "transport", request: SipRequest | undefined): void {
    if (this.#state !== "proceeding") return;
    this.reject(487);
    this.#user?.onCancelled(how, request);
  }

  #reliableDialog(toTag: string): EarlyUasDialog | undefined {
    for (const early of this.#reliable) if (early.toTag === toTag) return early;
    return undefined;
  }

  #openReliably(toTag: string, user: InviteUsageUser): EarlyUasDialog | undefined {
    const usage = this.#openUsage(toTag, user);
    if (usage === undefined) return undefined;
    const known = this.#earlyTags.indexOf(toTag);
    if (known >= 0) this.#earlyTags.splice(known, 1);
    const early = new EarlyUasDialog(toTag, usage, this.#transaction, this.request.cseqNumber, this);
    this.#reliable.push(early);
    return early;
  }

  /** The usage of a dialog that is early until the 2xx is sent. */
  #openUsage(toTag: string, user: InviteUsageUser): InviteUsage | undefined {
    const localContact = this.#contact;
    const dialog = Dialog.fromRequest(this.request, { localTag: toTag, localContact, flow: this.flow });
    if (!dialog.ok) return undefined;
    const path = { interfaceName: this.flow.interfaceName, connection: this.flow.connection };
    if (this.#toTag === "") this.#toTag = toTag;
    return new InviteUsage(this.#agent, dialog.value, path, user, this.#wayBack());
  }

  #registerEarly(toTag: string): void {
    if (this.#earlyTags.includes(toTag) || this.#reliableDialog(toTag) !== undefined) return;
    if (this.#toTag === "") this.#toTag = toTag;
    this.#earlyTags.push(toTag);
    this.#agent.addDialog(this.request.callId, toTag, this.request.fromTag, this);
  }

  #end(state: "answered" | "rejected", statusCode: number): void {
    this.#state = state;
    this.#finalStatusCode = statusCode;
    this.#heldAnswer = undefined;
    this.#lastProvisional = undefined;
    this.#reminder?.cancel();
    this.#stopTrying();
    this.#dropEarlyDialogs();
    this.#agent.unwatchCancel(this.#transaction);
  }

  /** But for the one that is answered. */
  #dropEarlyDialogs(answered?: EarlyUasDialog): void {
    for (const tag of this.#earlyTags) {
      this.#agent.removeDialog(this.request.callId, tag, this.request.fromTag);
    }
    this.#earlyTags.length = 0;
    for (const early of this.#reliable) if (early !== answered) early.end();
  }

  /** The flow that requests to the caller must use: its connection, or the mapping of the NAT that it sits behind. */
  #wayBack(): Flow | undefined {
    if (this.flow.isReliable) return this.flow;
    const via = this.request.via();
    if (!via.ok) return undefined;
    const { host: sentBy } = via.value;
    const host = sentBy.startsWith("[") ? sentBy.slice(1, -1) : sentBy;
    const isBehindNat = isIP(host) !== 0 && host !== this.flow.remoteAddress;
    return isBehindNat ? this.flow : undefined;
  }

  #stopTrying(): void {
    this.#trying?.cancel();
    this.#trying = undefined;
  }

  #build(
    statusCode: number,
    toTag: string,
    options: InviteResponse,
    establishesDialog: boolean,
  ): OutgoingResponse {
    const response = this.#agent.response(this.request, this.flow, statusCode, {
      toTag,
      copyRecordRoute: establishesDialog,
      reasonPhrase: options.reasonPhrase,
    });
    const fields = response.headerFields;
    if (establishesDialog) {
      fields.append("Contact", this.#contact);
      fields.append("Allow", allowedMethods);
      fields.append("Supported", supportedOptions);
    }
    if (options.headerFields !== undefined) {
      fields.appendAll(options.headerFields);
    }
    if (options.body !== undefined && options.body !== "") {
      fields.append("Content-Type", options.contentType ?? "application/sdp");
      response.body = options.body;
    }
    return response;
  }
}

function remind(invite: InviteUas): void {
  invite.remind();
}

function sendTrying(invite: InviteUas): void {
  invite.trying();
}
