import { SteadyTime } from "@tandem/clock";
import { type Reason, reasons } from "@tandem/reasons";
import { HeaderFields, type SipRequest, type SipResponse } from "@tandem/sip/message";
import type { ServerTransaction } from "@tandem/sip/transaction";
import { type InviteUsage, type Path, supportedUnreliably } from "@tandem/sip/user-agent";
import { AnchoredMedia } from "./anchored-media.ts";
import type { Attempt } from "./attempt.ts";
import { anchorOf, type LeftCall } from "./bridge-call.ts";
import { type CallFacts, newFacts, type ReleasedBy } from "./call-facts.ts";
import type { CallMedia } from "./call-media.ts";
import { type CallPlan, type CallPorts, type CallTerms, type EgressPlace, termsOf } from "./call-plan.ts";
import { CandidateAttempts, type CandidateAttemptsUser } from "./candidate-attempts.ts";
import { q850Reason } from "./cause-mapping.ts";
import { descriptionIn } from "./description-in.ts";
import { JoinedLegs, type JoinedLegsUser, type PendingTransfer, type Release } from "./joined-legs.ts";
import { type Anchored, type LegOf, MediaAnchor, otherSide, type Side } from "./media-anchor.ts";
import type { ReferSubscription } from "./refer-subscription.ts";
import { defaultSessionPolicy } from "./session-interval.ts";
import { failureFor, type SetupFailure, unusableAnswer } from "./setup-failure.ts";
import type { CallUser, SwitchedCall } from "./switched-call.ts";
import { TransfereeOffer } from "./transferee-offer.ts";

export interface TransferCallOptions {
  readonly ports: CallPorts;
  /** Of the call to the target; `ingressMedia` is the transferee's. */
  readonly plan: CallPlan;
  /** The call that one of its sides wants transferred. */
  readonly parent: LeftCall;
  readonly subscription: ReferSubscription;
  readonly user: CallUser;
}

/**
 * The call that a blind transfer makes (RFC 5589 §6): from the transferee, who is in a call already, to the target.
 *
 *   trying ──target answers──▶ joining ──transferee takes the target's media──▶ answered ──BYE …──▶ released
 *   trying, joining ──nobody answers, refused, transferee gone, hangUp()──▶ released: the call of before goes on
 *
 * Its ingress leg is the transferee's leg of the parent, wherever that came from. The transferee hears nothing of the target
 * until it answers.
 */
export class TransferCall implements SwitchedCall, CandidateAttemptsUser, JoinedLegsUser, PendingTransfer {
  readonly terms: CallTerms;
  readonly facts: CallFacts;
  readonly time: SteadyTime;
  readonly media: CallMedia;
  readonly transferor: Side;
  readonly #anchor: MediaAnchor;
  readonly #options: TransferCallOptions;
  readonly #attempts: CandidateAttempts;
  readonly #transferee: LegOf;
  readonly #startedMs: number;
  #state: "trying" | "joining" | "answered" | "released" = "trying";
  /** Session description of a provisional response, for a 2xx without one. */
  #earlyAnswer = "";
  /** We had no description to offer: the target's 2xx brings the offer, and its ACK waits for the answer. */
  #isLate = false;
  #answer:
    | { readonly usage: InviteUsage; readonly attempt: Attempt; readonly sequenceNumber: number }
    | undefined;
  #offer: TransfereeOffer | undefined;
  #legs: JoinedLegs | undefined;

  constructor(options: TransferCallOptions) {
    this.#options = options;
    const { ports, plan } = options;
    const { legs: parent, transferor } = options.parent;
    this.terms = termsOf(plan);
    this.transferor = transferor;
    this.#transferee = { anchor: anchorOf(parent), side: otherSide(transferor) };
    this.#anchor = MediaAnchor.forTransfer(ports.relay, this.#transferee);
    this.media = new AnchoredMedia(this.#anchor);
    this.#startedMs = ports.clock.monotonicMs();
    const { callId } = parent.leg(this.#transferee.side).dialog;
    this.time = new SteadyTime(ports.clock);
    this.facts = newFacts(plan.exchangeCallId, this.time.wallMs(), callId);
    const facts = this.facts.attempts;
    this.#attempts = new CandidateAttempts({
      ports,
      plan,
      facts,
      time: this.time,
      supported: supportedUnreliably,
      user: this,
      usageUser: this,
    });
    parent.beginTransfer(this);
  }

  get legs(): JoinedLegs | undefined {
    return this.#legs;
  }

  get attemptSipCallId(): string | undefined {
    return this.#attempts.current?.sipCallId;
  }

  get attemptPath(): Path | undefined {
    return this.#attempts.current?.path;
  }

  start(): void {
    this.#options.subscription.progress(100);
    this.#attempts.start();
  }

  hangUp(releasedBy: ReleasedBy, reason: Reason): void {
    if (this.#legs !== undefined) this.#legs.hangUp(releasedBy, reason);
    else this.#fail(failureFor(reason, releasedBy));
  }

  onConnectionDown(connectionSid: string, text: string): void {
    if (this.#state === "trying") this.#attempts.onConnectionDown(connectionSid, text);
  }

  onFault(): void {
    this.hangUp("exchange", reasons.internalError);
  }

  abandon(): void {
    this.#answer?.usage.close();
    this.#legs?.leg("ingress").close();
    this.#legs?.leg("egress").close();
    this.media.close(nothing);
  }

  /** To a target that wants SRTP there is none: the transferee's leg is with the relay of this process. */
  offerFor(media: EgressPlace["media"], done: (offer: Anchored) => void): void {
    const failure = this.media.useEgress({ ...media, signalingAddress: undefined });
    if (failure !== undefined) {
      done({ ok: false, reason: failure, text: failure.text });
      return;
    }
    const shown = this.#parent.media.shownTo(this.transferor);
    this.#isLate = shown === "";
    done(this.#isLate ? { ok: true, text: "" } : this.#anchor.offerShown(shown));
  }

  onAttemptFailed(): void {
    this.#options.user.onAttemptFailed(this);
  }

  onCandidateSkipped(): void {
    this.#options.user.onCandidateSkipped(this);
  }

  onExhausted(failure: SetupFailure): void {
    this.#fail(failure);
  }

  onProvisional(response: SipResponse): void {
    const description = descriptionIn(response);
    if (description !== "") this.#earlyAnswer = description;
    this.facts.postDialDelayMs ??= this.#options.ports.clock.monotonicMs() - this.#startedMs;
    this.#options.subscription.progress(response.statusCode);
    this.#options.user.onRinging(this);
  }

  onAnswer(response: SipResponse, usage: InviteUsage, attempt: Attempt): void {
    const sequenceNumber = response.cseqNumber;
    this.#answer = { usage, attempt, sequenceNumber };
    if (!this.#isLate) usage.acknowledge(sequenceNumber);
    const description = descriptionIn(response);
    const offer = this.#anchor.offer("egress", description === "" ? this.#earlyAnswer : description);
    if (!offer.ok) {
      this.#refuseAnswer(unusableAnswer(offer.reason, offer.text));
      return;
    }
    this.#state = "joining";
    this.#attempts.answered(attempt);
    this.facts.egressSipCallId = attempt.sipCallId;
    this.facts.carrierSid = attempt.candidate.carrierSid;
    this.facts.postDialDelayMs ??= this.#options.ports.clock.monotonicMs() - this.#startedMs;
    const { clock, random } = this.#options.ports;
    const host = { clock, random, legs: this.#parent, user: this };
    this.#offer = new TransfereeOffer(host, this.#transferee.side, offer.text);
    this.#offer.start();
  }

  /** The transferee has answered the target's media. */
  onTransfereeAnswer(body: string): void {
    const answer = this.#answer;
    if (this.#state !== "joining" || answer === undefined) return;
    const anchored = this.#anchor.answer("ingress", body, true);
    if (!anchored.ok) {
      this.#refuseAnswer(unusableAnswer(anchored.reason, anchored.text));
      return;
    }
    if (this.#isLate) {
      const content = { body: anchored.text, contentType: "application/sdp" };
      answer.usage.acknowledge(answer.sequenceNumber, content);
    }
    this.#join(answer.usage);
  }

  /** The transferee does not take the target's media, or is not there any more. */
  onTransfereeRefused(statusCode: number, isLost: boolean): void {
    if (this.#state !== "joining") return;
    const refused = { ...failureFor(reasons.mediaNotAcceptable), statusCode, reasonPhrase: undefined };
    this.#refuseAnswer(isLost ? failureFor(reasons.peerLost) : refused);
    if (isLost) this.#parent.onPeerLost();
  }

  /** A request of the target before the transferee is there: it may hang up, all else has to wait. */
  onRequest(request: SipRequest, transaction: ServerTransaction, usage: InviteUsage): void {
    const { agent } = this.#options.ports;
    if (this.#legs !== undefined) this.#legs.onRequest(request, transaction, usage);
    else if (request.method === "BYE") {
      transaction.respond(agent.response(request, transaction.flow, 200));
      usage.close();
      if (this.#answer?.usage === usage) this.#fail(failureFor(reasons.calleeRefused, "callee"));
    } else transaction.respond(agent.response(request, transaction.flow, 491));
  }

  onAck(request: SipRequest, usage: InviteUsage): void {
    this.#legs?.onAck(request, usage);
  }

  onNoAck(usage: InviteUsage): void {
    this.#legs?.onNoAck(usage);
  }

  onChanged(done: () => void): void {
    this.#options.user.onJournal(this, done);
  }

  mayOffer(): boolean {
    return true;
  }

  onRefer(refer: SipRequest, transaction: ServerTransaction, side: Side): void {
    this.#options.user.onRefer(this, refer, transaction, side);
  }

  /** The transferee has hung up, or the call of before ended otherwise. */
  onCallReleased(): void {
    this.#fail({ ...failureFor(reasons.callerCanceled, "caller"), statusCode: 487 });
  }

  onReleased(release: Release): void {
    this.#released(release);
  }

  get #parent(): JoinedLegs {
    return this.#options.parent.legs;
  }

  #join(target: InviteUsage): void {
    const { ports, user, subscription } = this.#options;
    const parent = this.#parent;
    const { side } = this.#transferee;
    const transferee = parent.leg(side);
    const session = parent.sessions.toJournal(side);
    this.#state = "answered";
    this.facts.answeredAtMs = this.time.wallMs();
    this.facts.statusCode = 200;
    this.#options.parent.facts.transferredTo = this.terms.exchangeCallId;
    this.#anchor.takeOver(this.#transferee);
    parent.handOver(side);
    transferee.setUser(this);
    this.#legs = new JoinedLegs({
      agent: ports.agent,
      clock: ports.clock,
      random: ports.random,
      ingress: transferee,
      egress: target,
      media: this.media,
      maximumDurationMs: this.terms.maximumDurationMs,
      mediaInactivityMs: this.terms.mediaInactivityMs,
      sessionPolicy: this.terms.sessionPolicy ?? defaultSessionPolicy,
      callSidHeaderField: { name: this.terms.callSidHeaderField, value: this.terms.exchangeCallId },
      user: this,
    });
    this.#legs.confirm();
    if (session !== undefined) this.#legs.sessions.adopt("ingress", session);
    user.onJournal(this, () => subscription.final(200, undefined, () => parent.finishTransfer()));
  }

  /** The target answered, but the transferee can't be joined to it. */
  #refuseAnswer(failure: SetupFailure): void {
    const answer = this.#answer;
    if (answer !== undefined) {
      answer.usage.bye(new HeaderFields().append("Reason", q850Reason(failure.q850Cause)));
      this.#attempts.unusable(answer.attempt, failure.reason, failure.text ?? failure.reason.text);
    }
    this.#fail(failure);
  }

  #fail(failure: SetupFailure): void {
    if (this.#state === "released" || this.#state === "answered") return;
    const reason = new HeaderFields().append("Reason", q850Reason(failure.q850Cause));
    this.#offer?.stop();
    if (this.#state === "joining") this.#answer?.usage.bye(reason);
    this.#attempts.end(reason, failure.reason);
    this.facts.statusCode = failure.statusCode;
    this.facts.reasonText = failure.text;
    this.#options.subscription.final(failure.statusCode, failure.reasonPhrase, nothing);
    this.#released(failure);
    this.#parent.endTransfer();
  }

  #released(release: Release): void {
    if (this.#state === "released") return;
    this.#state = "released";
    const { facts } = this;
    facts.releasedAtMs = this.time.wallMs();
    facts.releasedBy = release.releasedBy;
    facts.q850Cause = release.q850Cause;
    facts.reason = release.reason;
    facts.mediaEngine = this.media.engine;
    if (facts.answeredAtMs !== undefined) facts.fromIngress = this.#anchor.received("ingress");
    facts.fromEgress = this.#anchor.received("egress");
    this.media.close(nothing);
    this.#options.user.onReleased(this);
  }
}

function nothing(): void {}
