import type { Reason } from "@tandem/reasons";
import { HeaderFields, type SipRequest, type SipResponse } from "@tandem/sip/message";
import type { ServerTransaction } from "@tandem/sip/transaction";
import {
  allowedMethods,
  type InDialogRequest,
  type InviteUsage,
  supportedOptions,
  type UserAgent,
} from "@tandem/sip/user-agent";
import { acceptedContent } from "./accepted-content.ts";
import type { CallMedia } from "./call-media.ts";
import { descriptionIn } from "./description-in.ts";
import { copyPassing } from "./header-policy.ts";
import { type Anchored, otherSide, type Side } from "./media-anchor.ts";
import type { SessionBody } from "./session-body.ts";
import type { SessionTimers } from "./session-timers.ts";
import { warningOf } from "./warning-of.ts";

export interface OfferRelayHost {
  readonly agent: UserAgent;
  readonly media: CallMedia;
  readonly sessions: SessionTimers;
  leg(side: Side): InviteUsage;
  /** Whether an UPDATE may be sent to that side. */
  allowsUpdate(side: Side): boolean;
  /** The journal must know the new targets and media before the 2xx is passed on. */
  onOfferRelayed(done: () => void): void;
  onOfferRelayEnded(): void;
  onPeerLost(): void;
  /** The sides no longer agree on a session: the call is over. */
  onBadSdp(): void;
}

/**
 * One re-INVITE or UPDATE with a body, carried from one leg to the other with its offer and answer anchored.
 *
 *   offer in the request:  request ─▶ other leg ─2xx (answer)─▶ ACK there, 2xx here ─▶ ended
 *   late offer:            request ─▶ other leg ─2xx (offer)─▶ 2xx here ─ACK (answer)─▶ ACK there ─▶ ended
 *   refused:               the status comes back, the session stays as it was (RFC 3261 §14.1)
 */
export class OfferRelay {
  readonly from: Side;
  readonly #host: OfferRelayHost;
  readonly #request: SipRequest;
  readonly #transaction: ServerTransaction;
  readonly #body: SessionBody;
  /** An UPDATE goes on as re-INVITE to a side that does not take UPDATE. */
  readonly #carriedMethod: string;
  #relayed: InDialogRequest | undefined;
  /** CSeq of our re-INVITE whose ACK waits for the late answer. */
  #lateSequenceNumber: number | undefined;
  /** The request has its final response, or gets it once the journal is written. */
  #isAnswered = false;
  #hasResponded = false;
  #isTakenUp = false;

  constructor(
    host: OfferRelayHost,
    from: Side,
    request: SipRequest,
    transaction: ServerTransaction,
    body: SessionBody,
  ) {
    this.#host = host;
    this.from = from;
    this.#request = request;
    this.#transaction = transaction;
    this.#body = body;
    this.#carriedMethod = host.allowsUpdate(otherSide(from)) ? request.method : "INVITE";
  }

  start(): void {
    const body = this.#body;
    if (body.kind === "none") {
      this.#relay("", "application/sdp");
      return;
    }
    if (body.kind === "refused") {
      this.#refuse(415, acceptedContent());
      return;
    }
    this.#host.media.offer(this.from, body.text, (anchored) => {
      if (this.#isAnswered) return;
      if (anchored.ok) this.#relay(body.replaced(anchored.text), this.#request.value("Content-Type"));
      else this.#refuseOffer(anchored.reason);
    });
    // An engine that has to be asked takes its time.
    if (this.#relayed === undefined && !this.#isAnswered) this.#takeUp();
  }

  /** The caller of the re-INVITE gives it up: its final response is what the other leg makes of our CANCEL. */
  onCancel(): void {
    if (this.#relayed !== undefined) {
      this.#relayed.cancel();
      return;
    }
    this.#host.media.rollback();
    this.#refuse(487);
  }

  onResponse(response: SipResponse): void {
    const { statusCode } = response;
    if (statusCode < 200 || this.#isAnswered) return;
    if (statusCode >= 300) {
      this.#onRefused(response);
      return;
    }
    this.#isAnswered = true;
    this.#host.sessions.onSuccess(otherSide(this.from), response);
    if (this.#request.method === "UPDATE" || this.#body.kind !== "none") this.#onAnswer(response);
    else this.#onLateOffer(response);
  }

  onFailure(kind: "timeout" | "transport-error"): void {
    if (this.#isAnswered) return;
    this.#host.media.rollback();
    // A transport failure is a 503 of ours (RFC 3261 §8.1.3.1): the dialog may live on.
    this.#refuse(kind === "timeout" ? 408 : 500);
    if (kind === "timeout") this.#host.onPeerLost();
  }

  onAck(request: SipRequest, usage: InviteUsage): void {
    const sequenceNumber = this.#lateSequenceNumber;
    if (sequenceNumber === undefined || !this.#hasResponded || usage !== this.#host.leg(this.from)) return;
    this.#lateSequenceNumber = undefined;
    this.#host.media.answer(this.from, descriptionIn(request), true, (anchored) => {
      if (!anchored.ok) {
        this.#host.onBadSdp();
        return;
      }
      this.#to.acknowledge(sequenceNumber, { body: anchored.text, contentType: "application/sdp" });
      this.#finish();
    });
  }

  /** The call is over: the request must not stay without a final response. */
  end(): void {
    if (!this.#hasResponded) this.#refuse(487);
    else this.#finish();
  }

  get #to(): InviteUsage {
    return this.#host.leg(otherSide(this.from));
  }

  /** The sender of a re-INVITE hears that it came, and may give it up from now on. */
  #takeUp(): void {
    const request = this.#request;
    if (request.method !== "INVITE" || this.#isTakenUp) return;
    this.#isTakenUp = true;
    this.#transaction.respond(this.#host.agent.response(request, this.#transaction.flow, 100));
    this.#host.agent.watchCancel(this.#transaction, this);
  }

  #relay(body: string, contentType: string | undefined): void {
    this.#takeUp();
    const headerFields = new HeaderFields();
    copyPassing(this.#request, headerFields);
    this.#host.sessions.fillRequest(otherSide(this.from), headerFields);
    this.#relayed = this.#to.request(this.#carriedMethod, { headerFields, body, contentType }, this);
  }

  #onAnswer(response: SipResponse): void {
    if (this.#carriedMethod === "INVITE") this.#to.acknowledge(response.cseqNumber);
    this.#host.media.answer(otherSide(this.from), descriptionIn(response), true, (anchored) =>
      this.#onFinal(response, anchored, undefined),
    );
  }

  #onLateOffer(response: SipResponse): void {
    this.#host.media.offer(otherSide(this.from), descriptionIn(response), (anchored) =>
      this.#onFinal(response, anchored, response.cseqNumber),
    );
  }

  #onFinal(response: SipResponse, anchored: Anchored, lateSequenceNumber: number | undefined): void {
    if (this.#hasResponded) return;
    if (!anchored.ok) {
      this.#refuse(500);
      this.#host.onBadSdp();
      return;
    }
    this.#lateSequenceNumber = lateSequenceNumber;
    this.#succeed(response, anchored.text, lateSequenceNumber === undefined);
  }

  #onRefused(response: SipResponse): void {
    this.#host.media.rollback();
    const { statusCode } = response;
    const headerFields = new HeaderFields();
    copyPassing(response, headerFields);
    if (statusCode === 422) this.#host.sessions.onTooSmall(otherSide(this.from), response);
    // A redirection, a challenge or the session interval of the other side is not the sender's to follow.
    const isTheirs = statusCode < 400 || statusCode === 401 || statusCode === 407 || statusCode === 422;
    if (isTheirs) this.#refuse(500, headerFields);
    else this.#refuse(statusCode, headerFields, response.reasonPhrase);
    if (statusCode === 481 || statusCode === 408) this.#host.onPeerLost();
  }

  #succeed(response: SipResponse, body: string, isComplete: boolean): void {
    const from = this.#host.leg(this.from);
    from.dialog.refreshTarget(this.#request);
    this.#host.sessions.accept(this.from, this.#request);
    this.#host.onOfferRelayed(() => {
      if (this.#hasResponded) return;
      this.#hasResponded = true;
      this.#host.agent.unwatchCancel(this.#transaction);
      const success = this.#host.agent.response(this.#request, this.#transaction.flow, 200);
      success.headerFields.append("Contact", from.contact);
      success.headerFields.append("Allow", allowedMethods);
      success.headerFields.append("Supported", supportedOptions);
      copyPassing(response, success.headerFields);
      this.#host.sessions.fillAnswer(this.from, success.headerFields);
      success.headerFields.append("Content-Type", "application/sdp");
      success.body = body;
      if (this.#request.method === "INVITE") {
        from.answerInvite(this.#transaction, success, this.#request.cseqNumber);
      } else {
        this.#transaction.respond(success);
      }
      if (isComplete) this.#finish();
    });
  }

  #refuseOffer(reason: Reason): void {
    const warning = new HeaderFields().append("Warning", warningOf(reason));
    this.#refuse(reason.statusCode ?? 488, warning, reason.reasonPhrase);
  }

  #refuse(statusCode: number, headerFields?: HeaderFields, reasonPhrase?: string): void {
    this.#isAnswered = true;
    this.#hasResponded = true;
    // RFC 4320 §4.1: nothing but INVITE is answered with 408.
    const isForbidden = statusCode === 408 && this.#request.method !== "INVITE";
    const options = reasonPhrase === undefined || isForbidden ? {} : { reasonPhrase };
    const response = this.#host.agent.response(
      this.#request,
      this.#transaction.flow,
      isForbidden ? 500 : statusCode,
      options,
    );
    for (const row of headerFields?.rows() ?? []) response.headerFields.append(row.name, row.value);
    this.#transaction.respond(response);
    this.#finish();
  }

  #finish(): void {
    this.#host.agent.unwatchCancel(this.#transaction);
    this.#host.onOfferRelayEnded();
  }
}
