import type { OutgoingResponse, SipRequest } from "@tandem/sip/message";
import type { ServerTransaction } from "@tandem/sip/transaction";
import { allowedMethods, type InviteUsage, supportedOptions, type UserAgent } from "@tandem/sip/user-agent";
import type { CallMedia } from "./call-media.ts";
import { otherSide, type Side } from "./media-anchor.ts";
import { OfferRelay, type OfferRelayHost } from "./offer-relay.ts";
import { type SessionBody, sessionBodyOf } from "./session-body.ts";
import type { SessionTimers } from "./session-timers.ts";

export interface SessionChangesHost {
  readonly agent: UserAgent;
  readonly media: CallMedia;
  readonly random: () => number;
  readonly sessions: SessionTimers;
  /** Nobody has answered yet. */
  readonly isEarly: boolean;
  leg(side: Side): InviteUsage;
  /** Whether an UPDATE may be sent to that side. */
  allowsUpdate(side: Side): boolean;
  /** Whether the caller's offer is answered; asked while the legs are early. */
  mayOffer(): boolean;
  /** A target or the media changed: the journal must know before the answer is passed on. */
  onChanged(done: () => void): void;
  onPeerLost(): void;
  onBadSdp(): void;
}

/** What becomes of re-INVITE and UPDATE: answered here when nothing changes, refused for now, or carried to the other leg. */
export class SessionChanges implements OfferRelayHost {
  readonly #host: SessionChangesHost;
  #relay: OfferRelay | undefined;
  /** A transfer is about to change both legs. */
  isFrozen = false;

  constructor(host: SessionChangesHost) {
    this.#host = host;
  }

  get agent(): UserAgent {
    return this.#host.agent;
  }

  get media(): CallMedia {
    return this.#host.media;
  }

  get sessions(): SessionTimers {
    return this.#host.sessions;
  }

  leg(side: Side): InviteUsage {
    return this.#host.leg(side);
  }

  allowsUpdate(side: Side): boolean {
    return this.#host.allowsUpdate(side);
  }

  onRequest(request: SipRequest, transaction: ServerTransaction, side: Side): void {
    if (this.sessions.refuses(request)) {
      this.#refuseInterval(request, transaction);
      return;
    }
    const body = sessionBodyOf(request);
    if (request.method === "UPDATE" && body.kind === "none") this.#refreshTarget(request, transaction, side);
    else if (this.#mayChange(request, transaction, side)) this.#onOffer(request, body, transaction, side);
  }

  onAck(request: SipRequest, usage: InviteUsage): void {
    this.#relay?.onAck(request, usage);
  }

  /** No offer may go to that side yet: its INVITE is still under way (RFC 3261 §14.1), or an offer is unanswered. */
  isBusy(side: Side): boolean {
    const leg = this.leg(side);
    const isAnswering = !this.#host.isEarly && leg.dialog.state === "early";
    return this.#relay !== undefined || leg.awaitsAck || isAnswering || this.media.isOffered;
  }

  /** The call is over: a request that is under way gets its final response. */
  end(): void {
    this.#relay?.end();
  }

  onOfferRelayed(done: () => void): void {
    this.#host.onChanged(done);
  }

  onOfferRelayEnded(): void {
    this.#relay = undefined;
  }

  onPeerLost(): void {
    this.#host.onPeerLost();
  }

  onBadSdp(): void {
    this.#host.onBadSdp();
  }

  /** 500 with a random Retry-After of 0 to 10 s (RFC 3261 §14.2). */
  refuseForNow(request: SipRequest, transaction: ServerTransaction): void {
    const refused = this.agent.response(request, transaction.flow, 500);
    refused.headerFields.append("Retry-After", String(Math.floor(this.#host.random() * 11)));
    transaction.respond(refused);
  }

  /** False: it is refused. RFC 3261 §14.2: 500 while an earlier one of the same side is unanswered, 491 while one of ours is. */
  #mayChange(request: SipRequest, transaction: ServerTransaction, side: Side): boolean {
    if (this.#relay?.from === side) {
      this.refuseForNow(request, transaction);
      return false;
    }
    if (this.isFrozen || this.#relay !== undefined || this.sessions.isInviting(side)) {
      this.#refuse(request, transaction, 491);
      return false;
    }
    return !this.#host.isEarly || this.#mayOfferEarly(request, transaction, side);
  }

  #onOffer(request: SipRequest, body: SessionBody, transaction: ServerTransaction, side: Side): void {
    const isWhole = body.kind === "description" && body.isWhole;
    if (isWhole && !this.leg(side).awaitsAck && this.media.isUnchanged(side, body.text)) {
      this.#refreshSession(request, transaction, side);
      return;
    }
    const other = otherSide(side);
    if (this.isBusy(other) || this.sessions.isInviting(other)) {
      this.#refuse(request, transaction, 491);
      return;
    }
    this.#relay = new OfferRelay(this, side, request, transaction, body);
    this.#relay.start();
  }

  /** RFC 3311 §5.2: 500 to who has made an offer that is not answered, 491 to who has not answered ours. */
  #mayOfferEarly(request: SipRequest, transaction: ServerTransaction, side: Side): boolean {
    // No INVITE may go into an early dialog: only UPDATE can carry an offer there.
    const canCarry = request.method === "UPDATE" && this.allowsUpdate(otherSide(side));
    if (canCarry && this.#host.mayOffer()) return true;
    if (canCarry && side === "egress") this.#refuse(request, transaction, 491);
    else this.refuseForNow(request, transaction);
    return false;
  }

  /** RFC 4028 §6. */
  #refuseInterval(request: SipRequest, transaction: ServerTransaction): void {
    const refused = this.agent.response(request, transaction.flow, 422);
    refused.headerFields.append("Min-SE", String(this.sessions.policy.minimumSeconds));
    transaction.respond(refused);
  }

  /** An UPDATE without an offer only refreshes target and session (RFC 3311 §5.2): nothing for the other side to know. */
  #refreshTarget(request: SipRequest, transaction: ServerTransaction, side: Side): void {
    this.leg(side).dialog.refreshTarget(request);
    this.sessions.accept(side, request);
    this.#host.onChanged(() => transaction.respond(this.#success(request, transaction, side)));
  }

  /** An offer that says what was said before is answered as before: nothing for the other side to know (RFC 4028 §9). */
  #refreshSession(request: SipRequest, transaction: ServerTransaction, side: Side): void {
    const usage = this.leg(side);
    usage.dialog.refreshTarget(request);
    this.sessions.accept(side, request);
    this.#host.onChanged(() => {
      if (usage.isClosed) {
        this.#refuse(request, transaction, 487);
        return;
      }
      const response = this.#success(request, transaction, side);
      response.headerFields.append("Content-Type", "application/sdp");
      response.body = this.media.shownTo(side);
      if (request.method === "INVITE") usage.answerInvite(transaction, response, request.cseqNumber);
      else transaction.respond(response);
    });
  }

  #success(request: SipRequest, transaction: ServerTransaction, side: Side): OutgoingResponse {
    const response = this.agent.response(request, transaction.flow, 200);
    const fields = response.headerFields;
    fields.append("Contact", this.leg(side).contact);
    fields.append("Allow", allowedMethods);
    fields.append("Supported", supportedOptions);
    this.sessions.fillAnswer(side, fields);
    return response;
  }

  #refuse(request: SipRequest, transaction: ServerTransaction, statusCode: number): void {
    transaction.respond(this.agent.response(request, transaction.flow, statusCode));
  }
}
