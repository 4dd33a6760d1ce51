import type { SteadyTime } from "@tandem/clock";
import { reasons } from "@tandem/reasons";
import { HeaderFields, type SipRequest, type SipResponse } from "@tandem/sip/message";
import type { ServerTransaction } from "@tandem/sip/transaction";
import {
  type InviteUas,
  type InviteUasUser,
  type InviteUsage,
  type InviteUsageUser,
  type ReliableResponse,
  supportedOptions,
  supportedUnreliably,
} from "@tandem/sip/user-agent";
import type { Attempt } from "./attempt.ts";
import type { CallFacts } from "./call-facts.ts";
import type { CallMedia } from "./call-media.ts";
import type { CallPlan, CallPorts, EgressPlace } from "./call-plan.ts";
import { passedResponse, rejection } from "./caller-response.ts";
import { cancelReason } from "./cancel-reason.ts";
import { CandidateAttempts, type CandidateAttemptsUser } from "./candidate-attempts.ts";
import { q850Reason } from "./cause-mapping.ts";
import { EarlyDialogs } from "./early-dialogs.ts";
import { EarlyLegs } from "./early-legs.ts";
import { InvitationExpiry, type InvitationExpiryUser } from "./invitation-expiry.ts";
import { JoinedLegs, type JoinedLegsUser, type Release } from "./joined-legs.ts";
import type { Anchored } from "./media-anchor.ts";
import { objectionToInvite } from "./objection-to-invite.ts";
import { PrackRelay } from "./prack-relay.ts";
import { callerReliability, type Reliability } from "./reliability.ts";
import { type SessionBody, sessionBodyOf } from "./session-body.ts";
import { defaultSessionPolicy, type SessionPolicy } from "./session-interval.ts";
import { failureFor, releasedInSetup, type SetupFailure, unusableAnswer } from "./setup-failure.ts";
import { SetupOffer } from "./setup-offer.ts";

/** The call that is set up: the user of its dialogs and of its legs. */
export interface CallSetupUser extends JoinedLegsUser, InviteUsageUser {
  readonly legs: JoinedLegs | undefined;
  readonly isReleased: boolean;
  /** A 18x was passed on. */
  onRinging(): void;
  /** An attempt failed: its facts are the last ones. */
  onAttemptFailed(): void;
  /** A candidate was not tried: its facts are the last ones. */
  onCandidateSkipped(): void;
  /** Somebody has answered: what happens to these legs, and what they are asked, is the call's from here on. */
  onJoined(legs: JoinedLegs): void;
  /** The caller has its failure: the call is over. */
  onSetupFailed(release: Release): void;
}

export interface CallSetupOptions {
  readonly ports: CallPorts;
  readonly plan: CallPlan;
  readonly invite: InviteUas;
  readonly media: CallMedia;
  /** Written as the set-up goes on. */
  readonly facts: CallFacts;
  /** Times in the facts. */
  readonly time: SteadyTime;
  readonly user: CallSetupUser;
}

/**
 * A call until the caller has acknowledged its 200: the INVITE that came in, the attempts that left, and what of the one
 * is told to the other.
 *
 *   trying ──attempt answers──▶ answering (journal) ──200 sent──▶ answered
 *   trying ──no candidate left, fail(), CANCEL, the INVITE expires──▶ onSetupFailed
 *   answering ──CANCEL, BYE, the legs are released──▶ the caller gets a failure, it never saw the 200
 *   any ──end()──▶ over
 */
export class CallSetup implements InviteUasUser, CandidateAttemptsUser, InvitationExpiryUser {
  readonly #ports: CallPorts;
  readonly #plan: CallPlan;
  readonly #invite: InviteUas;
  readonly #media: CallMedia;
  readonly #facts: CallFacts;
  readonly #time: SteadyTime;
  readonly #user: CallSetupUser;
  readonly #attempts: CandidateAttempts;
  readonly #startedMs: number;
  readonly #earlyDialogs = new EarlyDialogs();
  readonly #earlyLegs: EarlyLegs;
  readonly #body: SessionBody;
  readonly #offer: SetupOffer;
  readonly #reliability: Reliability;
  readonly #expiry: InvitationExpiry;
  #state: "trying" | "answering" | "answered" | "over" = "trying";
  /** What is told to the caller when the callee's answer could not be used. */
  #unusable: SetupFailure | undefined;

  constructor({ ports, plan, invite, media, facts, time, user }: CallSetupOptions) {
    this.#ports = ports;
    this.#plan = plan;
    this.#invite = invite;
    this.#media = media;
    this.#facts = facts;
    this.#time = time;
    this.#user = user;
    this.#body = sessionBodyOf(invite.request);
    this.#offer = new SetupOffer(media, invite.request, this.#body);
    this.#earlyLegs = new EarlyLegs(ports.agent);
    this.#startedMs = ports.clock.monotonicMs();
    this.#reliability = callerReliability(invite.request);
    this.#expiry = new InvitationExpiry(ports.clock, invite.request, this);
    // Without an offer of the caller's a reliable response brings one, which only a caller with PRACK can answer.
    const mayBeReliable = this.#body.kind !== "none" || this.#reliability !== "none";
    const supported = mayBeReliable ? supportedOptions : supportedUnreliably;
    this.#attempts = new CandidateAttempts({
      ports,
      plan,
      facts: facts.attempts,
      time,
      supported,
      user: this,
      usageUser: user,
    });
    invite.setUser(this);
  }

  get state(): "trying" | "answering" | "answered" | "over" {
    return this.#state;
  }

  /** The attempt under way, or the one that answered. */
  get attempt(): Attempt | undefined {
    return this.#attempts.current;
  }

  /** Starts with the first candidate; ends at once when the offer can't be anchored or there is no candidate. */
  start(): void {
    const { request } = this.#invite;
    const isExpired = this.#expiry.isOverAtOnce;
    const objection = objectionToInvite(request, this.#body, isExpired, this.#sessionPolicy);
    if (objection !== undefined) {
      this.fail(objection);
      return;
    }
    // Where the call entered another gateway, that one times it.
    if (this.#plan.reporter === undefined) this.#expiry.start();
    this.#attempts.start();
  }

  /** Nobody is to answer any more: attempts are given up, and the caller gets this failure. */
  fail(failure: SetupFailure): void {
    if (this.#user.isReleased) return;
    const reason = new HeaderFields().append("Reason", q850Reason(failure.q850Cause));
    this.#attempts.end(reason, failure.reason);
    this.#reject(failure);
    this.#user.onSetupFailed(failure);
  }

  /** The call is over: nobody waits for the early dialogs and the media any more. */
  end(): void {
    this.#state = "over";
    this.#expiry.stop();
    this.#earlyLegs.end();
    this.#offer.end();
  }

  /** Nobody has answered in the time that the caller gave. An answer that has come counts, though the caller has none yet. */
  onInvitationExpired(): void {
    if (this.#state === "trying") this.fail(failureFor(reasons.invitationExpired));
  }

  abandon(): void {
    this.#expiry.stop();
    this.#invite.reject(500);
  }

  onConnectionDown(connectionSid: string, text: string): void {
    if (this.#state === "trying") this.#attempts.onConnectionDown(connectionSid, text);
  }

  offerFor(media: EgressPlace["media"], done: (offer: Anchored) => void): void {
    this.#offer.forPlace(media, done);
  }

  onAttemptFailed(): void {
    this.#earlyLegs.end();
    this.#user.onAttemptFailed();
  }

  onCandidateSkipped(): void {
    this.#user.onCandidateSkipped();
  }

  onExhausted(failure: SetupFailure): void {
    this.fail(failure);
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
    const tag = this.#earlyDialogs.answerTag(attempt, response.toTag);
    const ingress = this.#invite.accept(tag, this.#user);
    if (ingress === undefined) {
      this.#refuseUnaccepted(response, usage, attempt);
      return;
    }
    this.#state = "answering";
    this.#expiry.stop();
    this.#facts.egressSipCallId = attempt.sipCallId;
    this.#facts.carrierSid = attempt.candidate.carrierSid;
    const legs = this.#earlyLegs.take(ingress, usage) ?? this.#join(ingress, usage);
    this.#user.onJoined(legs);
    legs.learn("egress", response);
    legs.confirm();
    this.#offer.final(response, usage, (answer) => {
      if (this.#state !== "answering") return;
      if (!answer.ok) {
        this.#refuseAnswer(legs, attempt, unusableAnswer(answer.reason, answer.text));
        return;
      }
      this.#attempts.answered(attempt);
      legs.sessions.accept("ingress", this.#invite.request);
      legs.sessions.onSuccess("egress", response);
      const body = this.#invite.hasAcknowledgedBody(tag) ? "" : answer.text;
      this.#user.onChanged(() => this.#sendAnswer(legs, response, body, attempt));
    });
  }

  onCancelled(how: "cancel" | "bye" | "transport", request: SipRequest | undefined): void {
    if (this.#state === "over") return;
    const release: Release = { releasedBy: "caller", q850Cause: 16, reason: reasons.callerCanceled };
    this.#facts.statusCode = 487;
    const { legs } = this.#user;
    if (legs !== undefined) {
      this.#attempts.end(undefined, reasons.callerCanceled);
      legs.release(release, "ingress", request?.values("Reason"));
      return;
    }
    this.#attempts.end(cancelReason(how, request), reasons.callerCanceled);
    this.#user.onSetupFailed(release);
  }

  onNoPrack(): void {
    const { legs } = this.#user;
    if (legs !== undefined) legs.hangUp("exchange", reasons.noPrackReceived);
    else this.fail(failureFor(reasons.noPrackReceived));
  }

  /** A request in an early dialog. */
  onEarlyRequest(request: SipRequest, transaction: ServerTransaction, usage: InviteUsage): void {
    this.#earlyLegs.onRequest(request, transaction, usage);
  }

  /** The caller's ACK for our 200. False when it brings no answer that somebody waits for. */
  onAck(request: SipRequest, legs: JoinedLegs): boolean {
    return this.#offer.onAck(request, legs.leg("egress"), ({ reason }) => legs.hangUp("exchange", reason));
  }

  mayOffer(): boolean {
    return this.#offer.complete();
  }

  /** The legs have ended. While the answer or the journal is being made, the caller still waits for a final response. */
  onLegsReleased(release: Release): void {
    if (this.#invite.state !== "proceeding") return;
    const failure = this.#unusable ?? releasedInSetup(release);
    this.#attempts.end(undefined, failure.reason);
    this.#reject(failure);
  }

  get #sessionPolicy(): SessionPolicy {
    return this.#plan.sessionPolicy ?? defaultSessionPolicy;
  }

  #reject(failure: SetupFailure): void {
    const response = rejection(failure, this.#attempts.current, this.#plan.reporter);
    this.#invite.reject(failure.statusCode, response);
    this.#facts.statusCode = failure.statusCode;
    this.#facts.reasonText = failure.text;
  }

  #passProvisional(
    response: SipResponse,
    body: string,
    attempt: Attempt,
    reliable: ReliableResponse | undefined,
  ): void {
    const tag = this.#earlyDialogs.provisionalTag(attempt, response.toTag);
    if (tag === undefined) {
      reliable?.acknowledge();
      return;
    }
    const { agent } = this.#ports;
    const wantsPrack =
      this.#reliability === "required" || (this.#reliability === "supported" && reliable !== undefined);
    this.#facts.postDialDelayMs ??= this.#ports.clock.monotonicMs() - this.#startedMs;
    const passed = passedResponse(response, body, attempt, this.#plan.reporter);
    if (wantsPrack) {
      const relay = new PrackRelay(agent, this.#offer, reliable);
      const ingress = this.#invite.provisionalReliably(response.statusCode, tag, passed, this.#user, relay);
      if (ingress !== undefined && reliable !== undefined) this.#pair(ingress, reliable);
    } else {
      this.#invite.provisional(response.statusCode, tag, passed);
      reliable?.acknowledge();
    }
    this.#user.onRinging();
  }

  /** The caller has no dialog for it any more: the callee must not stay answered. */
  #refuseUnaccepted(response: SipResponse, usage: InviteUsage, attempt: Attempt): void {
    const failure = failureFor(reasons.internalError);
    usage.acknowledge(response.cseqNumber);
    usage.bye(new HeaderFields().append("Reason", q850Reason(failure.q850Cause)));
    this.#attempts.unusable(attempt, failure.reason, failure.reason.text);
    this.fail({ ...failure, verdict: { kind: "unusable" } });
  }

  /** A 2xx that can't be joined to the caller: the callee must not stay answered. */
  #refuseAnswer(legs: JoinedLegs, attempt: Attempt, failure: SetupFailure): void {
    const { releasedBy, q850Cause, reason, text } = failure;
    this.#unusable = { ...failure, verdict: { kind: "unusable" } };
    this.#attempts.unusable(attempt, reason, text ?? reason.text);
    legs.release({ releasedBy, q850Cause, reason });
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
      maximumDurationMs: this.#plan.maximumDurationMs,
      mediaInactivityMs: this.#plan.mediaInactivityMs,
      sessionPolicy: this.#sessionPolicy,
      callSidHeaderField: { name: this.#plan.callSidHeaderField, value: this.#plan.exchangeCallId },
      user: this.#user,
    });
    legs.learn("ingress", this.#invite.request);
    return legs;
  }

  #sendAnswer(legs: JoinedLegs, response: SipResponse, body: string, attempt: Attempt): void {
    if (this.#state !== "answering") return;
    this.#state = "answered";
    this.#facts.answeredAtMs = this.#time.wallMs();
    this.#facts.statusCode = 200;
    this.#facts.postDialDelayMs ??= this.#ports.clock.monotonicMs() - this.#startedMs;
    const answer = passedResponse(response, body, attempt, this.#plan.reporter);
    legs.sessions.fillAnswer("ingress", answer.headerFields);
    this.#invite.answer(legs.leg("ingress"), answer);
  }
}
