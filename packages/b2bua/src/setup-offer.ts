import { reasons } from "@tandem/reasons";
import type { SipRequest, SipResponse } from "@tandem/sip/message";
import type { InviteUsage } from "@tandem/sip/user-agent";
import type { CallMedia } from "./call-media.ts";
import type { EgressPlace } from "./call-plan.ts";
import { descriptionIn } from "./description-in.ts";
import type { Anchored } from "./media-anchor.ts";
import type { SessionBody } from "./session-body.ts";

/** The body of a PRACK, as the callee shall see it. */
export type CarriedInPrack =
  | { readonly ok: true; readonly text: string; readonly isOffer: boolean }
  | Extract<Anchored, { ok: false }>;

/**
 * The offers and answers of a call's set-up (RFC 3261 §13.2.1, RFC 6337 §2): the caller's offer goes to each candidate in
 * turn and the answer comes back. When the INVITE has none, the callee's 2xx brings the offer and the caller's ACK the
 * answer, or a reliable 18x the offer and its PRACK the answer. `done` functions are called as those of `CallMedia`.
 *
 *   open ──reliable answer and a further offer, answer in PRACK──▶ complete        the 2xx says nothing of media then
 *   complete ──forPlace()──▶ open                                                 another attempt, from the beginning
 */
export class SetupOffer {
  readonly #media: CallMedia;
  readonly #invite: SipRequest;
  readonly #body: SessionBody;
  /** Session description of the attempt's provisional responses, as the callee wrote it. */
  #earlyAnswer = "";
  /** The same, of reliable ones, by To tag: whatever comes later says nothing (RFC 6337 §2.2). */
  readonly #reliableAnswers = new Map<string, string>();
  /** A reliable 18x brought the callee's offer. */
  #hasEarlyOffer = false;
  #isComplete = false;
  /** CSeq of the egress INVITE whose ACK waits for the caller's late answer. */
  #lateSequenceNumber: number | undefined;
  /** Who waits for what becomes of the body of a PRACK, or of the answer to it. */
  #onPrackOver: ((over: typeof attemptOver) => void) | undefined;

  /** @param body of the INVITE, when it is not refused */
  constructor(media: CallMedia, invite: SipRequest, body: SessionBody) {
    this.#media = media;
    this.#invite = invite;
    this.#body = body;
  }

  /** The body of an INVITE that leaves by another place than the one before: "" when there is no offer yet. */
  forPlace(media: EgressPlace["media"], done: (anchored: Anchored) => void): void {
    this.end();
    this.#earlyAnswer = "";
    this.#reliableAnswers.clear();
    // The offer of an UPDATE or a PRACK that the attempt before left unanswered is nobody's.
    if (this.#hasEarlyOffer || this.#isComplete) this.#media.rollback();
    this.#hasEarlyOffer = false;
    this.#isComplete = false;
    const failure = this.#media.useEgress({ ...media, signalingAddress: undefined });
    if (failure !== undefined) {
      done({ ok: false, reason: failure, text: failure.text });
      return;
    }
    const body = this.#body;
    if (body.kind !== "description") {
      done({ ok: true, text: "" });
      return;
    }
    const made = body.isWhole ? done : this.#inWhole(body, done);
    if (!this.#media.offerAgain(made)) this.#media.offer("ingress", body.text, made);
  }

  /** The caller's side of the session is settled, so that another offer may be made before the 2xx (RFC 3311 §5.1). */
  complete(): boolean {
    if (this.#isComplete) return !this.#media.isOffered;
    if (this.#reliableAnswers.size === 0) return false;
    this.#isComplete = this.#media.settle("egress", this.#earlyAnswer);
    return this.#isComplete;
  }

  /**
   * The body of a provisional response for the caller: early media, or the callee's offer, "" when there is none.
   * @param isReliable both legs acknowledge it
   */
  early(response: SipResponse, isReliable: boolean, done: (body: string) => void): void {
    const body = descriptionIn(response);
    if (body === "" || this.#isComplete) {
      done("");
      return;
    }
    if (this.#isLate) {
      if (isReliable) this.#earlyOffer(body, done);
      else done("");
      return;
    }
    const known = this.#reliableAnswers.get(response.toTag);
    const answer = known ?? body;
    const before = this.#earlyAnswer;
    // A 2xx without a description may come while the engine is still asked about this one.
    this.#earlyAnswer = answer;
    this.#media.answer("egress", answer, false, (anchored) => {
      if (!anchored.ok) {
        if (this.#earlyAnswer === answer) this.#earlyAnswer = before;
        done("");
        return;
      }
      if (isReliable && known === undefined) this.#reliableAnswers.set(response.toTag, answer);
      done(anchored.text);
    });
  }

  /**
   * The body of the caller's 200. Acknowledges the callee's 2xx, unless the ACK has to wait for the caller's answer: then
   * that is left to `onAck`, or to what the caller of this does with a failure.
   */
  final(response: SipResponse, usage: InviteUsage, done: (anchored: Anchored) => void): void {
    if (this.#isComplete) {
      usage.acknowledge(response.cseqNumber);
      done({ ok: true, text: "" });
      return;
    }
    const body = descriptionIn(response);
    if (this.#isLate) {
      // An early offer without its answer is void: the PRACK that had to bring it never came.
      this.#media.offer("egress", body, (anchored) => {
        if (anchored.ok) this.#lateSequenceNumber = response.cseqNumber;
        else usage.acknowledge(response.cseqNumber);
        done(anchored);
      });
      return;
    }
    usage.acknowledge(response.cseqNumber);
    const settled = this.#reliableAnswers.get(response.toTag);
    // Some peers put the answer into the 183 only: what was shown to the caller then holds.
    const answer = settled ?? (body === "" ? this.#earlyAnswer : body);
    this.#media.answer("egress", answer, true, done);
  }

  /** The caller's ACK: carries its answer on to the callee. False when no answer is waited for. */
  onAck(
    ack: SipRequest,
    egress: InviteUsage,
    onFailure: (failure: Extract<Anchored, { ok: false }>) => void,
  ): boolean {
    const sequenceNumber = this.#lateSequenceNumber;
    if (sequenceNumber === undefined) return false;
    this.#lateSequenceNumber = undefined;
    this.#media.answer("ingress", descriptionIn(ack), true, (anchored) => {
      if (anchored.ok) {
        egress.acknowledge(sequenceNumber, { body: anchored.text, contentType: "application/sdp" });
      } else onFailure(anchored);
    });
    return true;
  }

  /** The caller's PRACK has a body: the answer to an early offer of the callee, or an offer of its own. */
  fromPrack(body: string, done: (carried: CarriedInPrack) => void): void {
    if (this.#onPrackOver !== undefined) {
      done(notNow);
    } else if (this.#hasEarlyOffer && !this.#isComplete) {
      this.#onPrackOver = done;
      this.#media.answer("ingress", body, true, (answer) => {
        this.#onPrackOver = undefined;
        if (answer.ok) this.#isComplete = true;
        done(answer.ok ? { ...answer, isOffer: false } : answer);
      });
    } else if (this.complete()) {
      this.#onPrackOver = done;
      this.#media.offer("ingress", body, (offer) => {
        this.#onPrackOver = undefined;
        done(offer.ok ? { ...offer, isOffer: true } : offer);
      });
    } else done(notNow);
  }

  /** The callee's answer to the offer in a PRACK. */
  answerToPrack(body: string, done: (anchored: Anchored) => void): void {
    this.#onPrackOver = done;
    this.#media.answer("egress", body, true, (answer) => {
      this.#onPrackOver = undefined;
      done(answer);
    });
  }

  rollbackPrack(): void {
    this.#media.rollback();
  }

  /** The attempt is over: nobody waits for the media any more, and a PRACK must not stay without its response. */
  end(): void {
    const onOver = this.#onPrackOver;
    this.#onPrackOver = undefined;
    onOver?.(attemptOver);
  }

  /** The description is one part of the body. */
  #inWhole(
    body: Extract<SessionBody, { kind: "description" }>,
    done: (offer: Anchored) => void,
  ): (offer: Anchored) => void {
    const contentType = this.#invite.value("Content-Type");
    return (offer) => {
      const isMade = offer.ok && contentType !== undefined;
      done(isMade ? { ok: true, text: body.replaced(offer.text), contentType } : offer);
    };
  }

  /** The callee makes the offer. */
  get #isLate(): boolean {
    return this.#body.kind !== "description";
  }

  #earlyOffer(body: string, done: (body: string) => void): void {
    if (this.#hasEarlyOffer) {
      done("");
      return;
    }
    this.#media.offer("egress", body, (anchored) => {
      if (anchored.ok) this.#hasEarlyOffer = true;
      done(anchored.ok ? anchored.text : "");
    });
  }
}

const notNow: CarriedInPrack = {
  ok: false,
  reason: reasons.mediaNotAcceptable,
  text: "an offer while another one is not answered",
};

const attemptOver: Extract<Anchored, { ok: false }> = {
  ok: false,
  reason: reasons.mediaNotAcceptable,
  text: "the attempt is over",
};
