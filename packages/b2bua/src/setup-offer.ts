import { reasons } from "@tandem/reasons";
import { findPart, type SipRequest, type SipResponse } from "@tandem/sip/message";
import type { InviteUsage } from "@tandem/sip/user-agent";
import type { EgressPlace } from "./call-plan.ts";
import type { Anchored, MediaAnchor } from "./media-anchor.ts";

/** The body of a PRACK, as the callee shall see it. */
export type CarriedInPrack =
  | { readonly ok: true; readonly text: string; readonly isOffer: boolean }
  | Extract<Anchored, { ok: false }>;

/**
 * The offers and answers of a call's set-up (RFC 3261 §13.2.1, RFC 6337 §2): the caller's offer goes to each candidate in
 * turn and the answer comes back. When the INVITE has none, the callee's 2xx brings the offer and the caller's ACK the
 * answer, or a reliable 18x the offer and its PRACK the answer.
 *
 *   open ──reliable answer and a further offer, answer in PRACK──▶ complete        the 2xx says nothing of media then
 *   complete ──forPlace()──▶ open                                                 another attempt, from the beginning
 */
export class SetupOffer {
  readonly #anchor: MediaAnchor;
  readonly #invite: SipRequest;
  /** Session description of the attempt's provisional responses, as the callee wrote it. */
  #earlyAnswer = "";
  /** The same, of reliable ones, by To tag: whatever comes later says nothing (RFC 6337 §2.2). */
  readonly #reliableAnswers = new Map<string, string>();
  /** A reliable 18x brought the callee's offer. */
  #hasEarlyOffer = false;
  #isComplete = false;
  /** CSeq of the egress INVITE whose ACK waits for the caller's late answer. */
  #lateSequenceNumber: number | undefined;

  constructor(anchor: MediaAnchor, invite: SipRequest) {
    this.#anchor = anchor;
    this.#invite = invite;
  }

  /** The body of an INVITE that leaves by another place than the one before: "" when there is no offer yet. */
  forPlace(media: EgressPlace["media"]): Anchored {
    this.#earlyAnswer = "";
    this.#reliableAnswers.clear();
    // The offer of an UPDATE or a PRACK that the attempt before left unanswered is nobody's.
    if (this.#hasEarlyOffer || this.#isComplete) this.#anchor.rollback();
    this.#hasEarlyOffer = false;
    this.#isComplete = false;
    const failure = this.#anchor.useEgress({ ...media, signalingAddress: undefined });
    if (failure !== undefined) return { ok: false, reason: failure, text: failure.text };
    if (this.#invite.body === "") return { ok: true, text: "" };
    const again = this.#anchor.offerAgain();
    // One description is the usual body: nothing has to be looked for.
    if (this.#invite.contentType() !== "application/sdp") return this.#offerPart(again);
    if (again !== undefined) return { ok: true, text: again };
    return this.#anchor.offer("ingress", this.#invite.body);
  }

  /** The caller's side of the session is settled, so that another offer may be made before the 2xx (RFC 3311 §5.1). */
  complete(): boolean {
    if (this.#isComplete) return !this.#anchor.isOffered;
    if (this.#reliableAnswers.size === 0) return false;
    this.#isComplete = this.#anchor.answer("egress", this.#earlyAnswer, true).ok;
    return this.#isComplete;
  }

  /**
   * The body of a provisional response for the caller: early media, or the callee's offer, "" when there is none.
   * @param isReliable both legs acknowledge it
   */
  early(response: SipResponse, isReliable: boolean): string {
    const body = descriptionIn(response);
    if (body === "" || this.#isComplete) return "";
    if (this.#invite.body === "") return isReliable ? this.#earlyOffer(body) : "";
    const known = this.#reliableAnswers.get(response.toTag);
    const answer = known ?? body;
    const anchored = this.#anchor.answer("egress", answer, false);
    if (!anchored.ok) return "";
    this.#earlyAnswer = answer;
    if (isReliable && known === undefined) this.#reliableAnswers.set(response.toTag, answer);
    return anchored.text;
  }

  /** The body of the caller's 200. Acknowledges the callee's 2xx, unless the ACK has to wait for the caller's answer. */
  final(response: SipResponse, usage: InviteUsage): Anchored {
    if (this.#isComplete) {
      usage.acknowledge(response.cseqNumber);
      return { ok: true, text: "" };
    }
    const body = descriptionIn(response);
    if (this.#invite.body === "") {
      // An early offer without its answer is void: the PRACK that had to bring it never came.
      const anchored = this.#anchor.offer("egress", body);
      if (anchored.ok) this.#lateSequenceNumber = response.cseqNumber;
      else usage.acknowledge(response.cseqNumber);
      return anchored;
    }
    usage.acknowledge(response.cseqNumber);
    const settled = this.#reliableAnswers.get(response.toTag);
    // Some peers put the answer into the 183 only: what was shown to the caller then holds.
    const answer = settled ?? (body === "" ? this.#earlyAnswer : body);
    return this.#anchor.answer("egress", answer, true);
  }

  /** The caller's ACK: carries its answer on to the callee. Undefined when no answer is waited for. */
  onAck(ack: SipRequest, egress: InviteUsage): Anchored | undefined {
    const sequenceNumber = this.#lateSequenceNumber;
    if (sequenceNumber === undefined) return undefined;
    this.#lateSequenceNumber = undefined;
    const anchored = this.#anchor.answer("ingress", ack.body, true);
    if (anchored.ok) {
      egress.acknowledge(sequenceNumber, { body: anchored.text, contentType: "application/sdp" });
    }
    return anchored;
  }

  /** The caller's PRACK has a body: the answer to an early offer of the callee, or an offer of its own. */
  fromPrack(body: string): CarriedInPrack {
    if (this.#hasEarlyOffer && !this.#isComplete) {
      const answer = this.#anchor.answer("ingress", body, true);
      if (!answer.ok) return answer;
      this.#isComplete = true;
      return { ...answer, isOffer: false };
    }
    if (!this.complete()) return notNow;
    const offer = this.#anchor.offer("ingress", body);
    return offer.ok ? { ...offer, isOffer: true } : offer;
  }

  /** The callee's answer to the offer in a PRACK. */
  answerToPrack(body: string): Anchored {
    return this.#anchor.answer("egress", body, true);
  }

  rollbackPrack(): void {
    this.#anchor.rollback();
  }

  /** The description is one part of the body: the others pass as they are (RFC 5621 §3.1). */
  #offerPart(again: string | undefined): Anchored {
    const contentType = this.#invite.value("Content-Type");
    const part = findPart(contentType, this.#invite.body, "application/sdp");
    if (part === undefined || contentType === undefined) {
      return {
        ok: false,
        reason: reasons.unsupportedMediaType,
        text: `${contentType ?? "a body without Content-Type"} is no session description`,
      };
    }
    const offer: Anchored =
      again === undefined ? this.#anchor.offer("ingress", part.content) : { ok: true, text: again };
    return offer.ok ? { ok: true, text: part.replaced(offer.text), contentType } : offer;
  }

  #earlyOffer(body: string): string {
    if (this.#hasEarlyOffer) return "";
    const anchored = this.#anchor.offer("egress", body);
    if (!anchored.ok) return "";
    this.#hasEarlyOffer = true;
    return anchored.text;
  }
}

const notNow: CarriedInPrack = {
  ok: false,
  reason: reasons.mediaNotAcceptable,
  text: "an offer while another one is not answered",
};

/** The session description of a response; of a multipart body the other parts are for this leg only, and stay here. */
function descriptionIn(response: SipResponse): string {
  if (response.body === "" || response.contentType()?.startsWith("multipart/") !== true) return response.body;
  return findPart(response.value("Content-Type"), response.body, "application/sdp")?.content ?? "";
}
