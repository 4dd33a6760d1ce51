import { type Reason, reasons } from "@tandem/reasons";
import { HeaderFields, type SipRequest, type SipResponse } from "@tandem/sip/message";
import type { ServerTransaction } from "@tandem/sip/transaction";
import { parseSipUri } from "@tandem/sip/uri";
import {
  type InviteResponse,
  type InviteUas,
  type InviteUasUser,
  type InviteUsage,
  type Path,
  type ReliableResponse,
  supportedOptions,
  supportedUnreliably,
} from "@tandem/sip/user-agent";
import type { Attempt } from "./attempt.ts";
import { type CallFacts, newFacts, type ReleasedBy } from "./call-facts.ts";
import type { CallMedia } from "./call-media.ts";
import type { CallPlan, CallPorts, EgressPlace } from "./call-plan.ts";
import { cancelReason } from "./cancel-reason.ts";
import { CandidateAttempts, type CandidateAttemptsUser } from "./candidate-attempts.ts";
import { q850Reason } from "./cause-mapping.ts";
import { EarlyDialogs } from "./early-dialogs.ts";
import { EarlyLegs } from "./early-legs.ts";
import { copyPassing } from "./header-policy.ts";
import { JoinedLegs, type JoinedLegsUser, type Release } from "./joined-legs.ts";
import type { Anchored, Side } from "./media-anchor.ts";
import { openMedia } from "./open-media.ts";
import { PrackRelay } from "./prack-relay.ts";
import { callerReliability, type Reliability } from "./reliability.ts";
import { defaultSessionPolicy, isTooSmall, type SessionPolicy } from "./session-interval.ts";
import {
  failureFor,
  failureResponse,
  intervalTooSmall,
  releasedInSetup,
  type SetupFailure,
  unusableAnswer,
} from "./setup-failure.ts";
import { SetupOffer } from "./setup-offer.ts";
import type { CallUser, SwitchedCall } from "./switched-call.ts";

/**
 * One call from the first attempt to its end.
 *
 *   trying ──attempt answers──▶ answering (journal) ──200 sent──▶ answered ──BYE …──▶ released
 *   trying ──no candidate left, stop, CANCEL──▶ released
 *   answering ──CANCEL, BYE, hangUp()──▶ released: the caller gets a failure, it never saw the 200
 */
export class Call implements SwitchedCall, InviteUasUser, CandidateAttemptsUser, JoinedLegsUser {
  readonly plan: CallPlan;
  readonly invite: InviteUas;
  readonly facts: CallFacts;
  readonly #ports: CallPorts;
  readonly #user: CallUser;
  readonly #media: CallMedia;
  readonly #attempts: CandidateAttempts;
  readonly #startedMs: number;
  #state: "trying" | "answering" | "answered" | "released" = "trying";
  readonly #earlyDialogs = new EarlyDialogs();
  readonly #earlyLegs: EarlyLegs;
  readonly #offer: SetupOffer;
  readonly #reliability: Reliability;
  #legs: JoinedLegs | undefined;
  /** What is told to the caller when the callee's answer could not be used. */
  #unusable: SetupFailure | undefined;

  constructor(ports: CallPorts, plan: CallPlan, invite: InviteUas, user: CallUser) {
    this.#ports = ports;
    this.plan = plan;
    this.invite = invite;
    this.#user = user;
    this.#media = openMedia(ports, plan);
    this.#offer = new SetupOffer(this.#media, invite.request);
    this.#earlyLegs = new EarlyLegs(ports.agent);
    this.#startedMs = ports.clock.monotonicMs();
    this.facts = newFacts(plan.exchangeCallId, ports.clock.wallMs(), invite.request.callId);
    this.#reliability = callerReliability(invite.request);
    // Without an offer of the caller's a reliable response brings one, which only a caller with PRACK can answer.
    const mayBeReliable = invite.request.body !== "" || this.#reliability !== "none";
    const supported = mayBeReliable ? supportedOptions : supportedUnreliably;
    this.#attempts = new CandidateAttempts({
      ports,
      plan,
      facts: this.facts.attempts,
      supported,
      user: this,
    });
    invite.setUser(this);
  }

  get state(): "trying" | "answering" | "answered" | "released" {
    return this.#state;
  }

  get legs(): JoinedLegs | undefined {
    return this.#legs;
  }

  get media(): CallMedia {
    return this.#media;
  }

  get hasAlerted(): boolean {
    return this.#attempts.hasAlerted;
  }

  /** Call-ID of the attempt under way, or of the one that answered. */
  get attemptSipCallId(): string | undefined {
    return this.#attempts.current?.sipCallId;
  }

  /** By which network the egress leg leaves; undefined: it does not, yet. */
  get attemptPath(): Path | undefined {
    return this.#attempts.current?.path;
  }

  /** Starts with the first candidate; ends at once when the offer can't be anchored or there is no candidate. */
  start(): void {
    const { request } = this.invite;
    if (!hasUsableContact(request)) this.#fail(failureFor(reasons.invalidContact));
    else if (isTooSmall(request, this.#sessionPolicy)) this.#fail(intervalTooSmall(this.#sessionPolicy));
    else this.#attempts.start();
  }

  /** Ends the call from outside: 480 in set-up unless the reason has a status code, BYE both ways afterwards. */
  hangUp(releasedBy: ReleasedBy, reason: Reason): void {
    if (this.#legs !== undefined) this.#legs.hangUp(releasedBy, reason);
    else this.#fail(failureFor(reason, releasedBy));
  }

  /** A private line is dead: set-up over it goes on at once elsewhere. A call that is answered is not touched. */
  onConnectionDown(connectionSid: string, text: string): void {
    if (this.#state === "trying") this.#attempts.onConnectionDown(connectionSid, text);
  }

  /** A fault of ours inside this call: it alone ends. */
  onFault(): void {
    this.hangUp("exchange", reasons.internalError);
  }

  abandon(): void {
    this.invite.reject(500);
    this.#legs?.leg("ingress").close();
    this.#legs?.leg("egress").close();
    this.#media.close(nothing);
  }

  onRefer(refer: SipRequest, transaction: ServerTransaction, side: Side): void {
    this.#user.onRefer(this, refer, transaction, side);
  }

  offerFor(media: EgressPlace["media"], done: (offer: Anchored) => void): void {
    this.#offer.forPlace(media, done);
  }

  onAttemptFailed(): void {
    this.#earlyLegs.end();
    this.#user.onAttemptFailed(this);
  }

  onCandidateSkipped(): void {
    this.#user.onCandidateSkipped(this);
  }

  onExhausted(failure: SetupFailure): void {
    this.#fail(failure);
  }

  onProvisional(response: SipResponse, attempt: Attempt, reliable: ReliableResponse | undefined): void {
    this.#offer.early(response, reliable !== undefined, (body) => {
      if (this.#state === "trying" && attempt === this.#attempts.current) {
        this.#passProvisional(response, body, attempt, reliable);
      } else if (this.#state === "answering") {
        // The 2xx has overtaken it: the caller has no use for it any more, the callee still repeats it.
        reliable?.acknowledge();
      }
    });
  }

  onAnswer(response: SipResponse, usage: InviteUsage, attempt: Attempt): void {
    const tag = this.#earlyDialogs.tagFor(attempt, response.toTag);
    const ingress = this.invite.accept(tag, this);
    if (ingress === undefined) {
      this.#refuseUnaccepted(response, usage, attempt);
      return;
    }
    this.#state = "answering";
    this.facts.egressSipCallId = attempt.sipCallId;
    this.facts.carrierSid = attempt.candidate.carrierSid;
    const legs = this.#earlyLegs.take(ingress, usage) ?? this.#join(ingress, usage);
    this.#legs = legs;
    legs.learn("egress", response);
    legs.confirm();
    this.#offer.final(response, usage, (answer) => {
      if (this.#state !== "answering") return;
      if (!answer.ok) {
        this.#refuseAnswer(legs, attempt, unusableAnswer(answer.reason, answer.text));
        return;
      }
      this.#attempts.answered(attempt);
      legs.sessions.accept("ingress", this.invite.request);
      legs.sessions.onSuccess("egress", response);
      const body = this.invite.hasAcknowledgedBody(tag) ? "" : answer.text;
      this.#user.onJournal(this, () => this.#sendAnswer(ingress, response, body, attempt));
    });
  }

  onCancelled(how: "cancel" | "bye" | "transport", request: SipRequest | undefined): void {
    if (this.#state === "released") return;
    const release: Release = { releasedBy: "caller", q850Cause: 16, reason: reasons.callerCanceled };
    this.facts.statusCode = 487;
    if (this.#legs !== undefined) {
      this.#attempts.end(undefined, reasons.callerCanceled);
      this.#legs.release(release, "ingress", request?.values("Reason"));
      return;
    }
    this.#attempts.end(cancelReason(how, request), reasons.callerCanceled);
    this.#released(release);
  }

  onNoPrack(): void {
    if (this.#legs !== undefined) this.#legs.hangUp("exchange", reasons.noPrackReceived);
    else this.#fail(failureFor(reasons.noPrackReceived));
  }

  /** A request inside one of the dialogs. */
  onRequest(request: SipRequest, transaction: ServerTransaction, usage: InviteUsage): void {
    if (this.#legs !== undefined) this.#legs.onRequest(request, transaction, usage);
    else this.#earlyLegs.onRequest(request, transaction, usage);
  }

  onAck(request: SipRequest, usage: InviteUsage): void {
    const legs = this.#legs;
    if (legs === undefined) return;
    const isAnswer =
      usage === legs.leg("ingress") &&
      this.#offer.onAck(request, legs.leg("egress"), ({ reason }) => legs.hangUp("exchange", reason));
    if (!isAnswer) legs.onAck(request, usage);
  }

  onNoAck(usage: InviteUsage): void {
    this.#legs?.onNoAck(usage);
  }

  onChanged(done: () => void): void {
    this.#user.onJournal(this, done);
  }

  mayOffer(): boolean {
    return this.#offer.complete();
  }

  onReleased(release: Release): void {
    // Ended while the answer or the journal was being made: the caller still waits for a final response.
    if (this.invite.state === "proceeding") {
      const failure = this.#unusable ?? releasedInSetup(release);
      this.#attempts.end(undefined, failure.reason);
      this.#reject(failure);
    }
    this.#released(release);
  }

  get #sessionPolicy(): SessionPolicy {
    return this.plan.sessionPolicy ?? defaultSessionPolicy;
  }

  #fail(failure: SetupFailure): void {
    if (this.#state === "released") return;
    const reason = new HeaderFields().append("Reason", q850Reason(failure.q850Cause));
    this.#attempts.end(reason, failure.reason);
    this.#reject(failure);
    this.#released(failure);
  }

  #reject(failure: SetupFailure): void {
    const response = failureResponse(failure);
    const { statusCode, reason, text, retryAfterSeconds } = failure;
    const attempt = this.#attempts.current;
    const verdict = failure.verdict ?? { kind: attempt === undefined ? "not-placed" : "failed" };
    const news = { statusCode, body: "", attempt, verdict, reason, text };
    const report = this.plan.reporter?.headerFields({ ...news, retryAfterSeconds });
    if (report !== undefined) response.headerFields?.appendAll(report);
    this.invite.reject(statusCode, response);
    this.facts.statusCode = failure.statusCode;
    this.facts.reasonText = failure.text;
  }

  #passProvisional(
    response: SipResponse,
    body: string,
    attempt: Attempt,
    reliable: ReliableResponse | undefined,
  ): void {
    const tag = this.#earlyDialogs.tagFor(attempt, response.toTag);
    const { agent } = this.#ports;
    const wantsPrack =
      this.#reliability === "required" || (this.#reliability === "supported" && reliable !== undefined);
    this.facts.postDialDelayMs ??= this.#ports.clock.monotonicMs() - this.#startedMs;
    const passed = this.#passOn(response, body, attempt);
    if (wantsPrack) {
      const relay = new PrackRelay(agent, this.#offer, reliable);
      const ingress = this.invite.provisionalReliably(response.statusCode, tag, passed, this, relay);
      if (ingress !== undefined && reliable !== undefined) this.#pair(ingress, reliable);
    } else {
      this.invite.provisional(response.statusCode, tag, passed);
      reliable?.acknowledge();
    }
    this.#user.onRinging(this);
  }

  /** The caller has no dialog for it any more: the callee must not stay answered. */
  #refuseUnaccepted(response: SipResponse, usage: InviteUsage, attempt: Attempt): void {
    const failure = failureFor(reasons.internalError);
    usage.acknowledge(response.cseqNumber);
    usage.bye(new HeaderFields().append("Reason", q850Reason(failure.q850Cause)));
    this.#attempts.unusable(attempt, failure.reason, failure.reason.text);
    this.#fail({ ...failure, verdict: { kind: "unusable" } });
  }

  /** A 2xx that can't be joined to the caller: the callee must not stay answered. */
  #refuseAnswer(legs: JoinedLegs, attempt: Attempt, failure: SetupFailure): void {
    const { releasedBy, q850Cause, reason, text } = failure;
    this.#unusable = { ...failure, verdict: { kind: "unusable" } };
    this.#attempts.unusable(attempt, reason, text ?? reason.text);
    legs.release({ releasedBy, q850Cause, reason });
  }

  #released(release: Release): void {
    if (this.#state === "released") return;
    this.#state = "released";
    this.#earlyLegs.end();
    const { facts } = this;
    facts.releasedAtMs = this.#ports.clock.wallMs();
    facts.releasedBy = release.releasedBy;
    facts.q850Cause = release.q850Cause;
    facts.reason = release.reason;
    this.#offer.end();
    this.#media.close(() => {
      facts.fromIngress = this.#media.received("ingress");
      facts.fromEgress = this.#media.received("egress");
      facts.mediaEngine = this.#media.engine;
      this.#user.onReleased(this);
    });
  }

  /** Both early dialogs have reliable responses: requests may go between them before the answer. */
  #pair(ingress: InviteUsage, { usage, response }: ReliableResponse): void {
    const legs = this.#earlyLegs.of(ingress) ?? this.#join(ingress, usage);
    if (this.#earlyLegs.of(ingress) === undefined) this.#earlyLegs.add(legs);
    legs.learn("egress", response);
  }

  #join(ingress: InviteUsage, egress: InviteUsage): JoinedLegs {
    const legs = new JoinedLegs({
      agent: this.#ports.agent,
      clock: this.#ports.clock,
      random: this.#ports.random,
      ingress,
      egress,
      media: this.#media,
      maximumDurationMs: this.plan.maximumDurationMs,
      mediaInactivityMs: this.plan.mediaInactivityMs,
      sessionPolicy: this.#sessionPolicy,
      callSidHeaderField: { name: this.plan.callSidHeaderField, value: this.plan.exchangeCallId },
      user: this,
    });
    legs.learn("ingress", this.invite.request);
    return legs;
  }

  #sendAnswer(ingress: InviteUsage, response: SipResponse, body: string, attempt: Attempt): void {
    if (this.#state !== "answering") return;
    this.#state = "answered";
    this.facts.answeredAtMs = this.#ports.clock.wallMs();
    this.facts.statusCode = 200;
    this.facts.postDialDelayMs ??= this.#ports.clock.monotonicMs() - this.#startedMs;
    const answer = this.#passOn(response, body, attempt);
    this.#legs?.sessions.fillAnswer("ingress", answer.headerFields);
    this.invite.answer(ingress, answer);
  }

  #passOn(
    response: SipResponse,
    body: string,
    attempt: Attempt,
  ): InviteResponse & { readonly headerFields: HeaderFields } {
    const headerFields = new HeaderFields();
    copyPassing(response, headerFields);
    const statusCode = response.statusCode < 200 ? response.statusCode : 200;
    const nothing = { verdict: undefined, reason: undefined, text: undefined, retryAfterSeconds: undefined };
    const report = this.plan.reporter?.headerFields({ statusCode, body, attempt, ...nothing });
    if (report !== undefined) headerFields.appendAll(report);
    return { reasonPhrase: response.reasonPhrase, headerFields, body };
  }
}

function nothing(): void {}

/** Requests to a caller without one could never arrive (RFC 3261 §8.1.1.8). */
function hasUsableContact(invite: SipRequest): boolean {
  const contact = invite.contact();
  if (!contact.ok || contact.value === undefined || contact.value === "*") return false;
  return parseSipUri(contact.value.addrSpec).ok;
}
