import { type HeaderFields, parseRetryAfter, type SipResponse } from "@tandem/sip/message";
import type { Target } from "@tandem/sip/transport";
import {
  InviteUac,
  type InviteUacUser,
  type InviteUsage,
  type LocatedUri,
  locateUri,
  type Path,
  type ReliableResponse,
} from "@tandem/sip/user-agent";
import type { Attempt, AttemptOptions } from "./attempt.ts";
import { isUnheard, silenceIn, timerTexts } from "./attempt-outcome.ts";
import { AttemptTargets, askedForLess, isSamePlace, placeTargets } from "./attempt-targets.ts";
import { AttemptTimers, type AttemptTimersUser } from "./attempt-timers.ts";
import type { EgressCandidate, EgressPlace, Placement, Unplaced } from "./call-plan.ts";
import { q850CauseIn } from "./cause-mapping.ts";
import { type AttemptResult, type Verdict, verdictOf } from "./failover-policy.ts";
import { FollowedRedirect } from "./followed-redirect.ts";
import { InviteWriter } from "./invite-writer.ts";
import type { Anchored } from "./media-anchor.ts";

/**
 * One try of one candidate: finds its addresses and the place to leave by, sends the INVITE to one after the other,
 * minds the three timers, answers a challenge, a 422 and a 491 once each, and follows one 302.
 *
 *   waiting (first response) ──100──▶ waiting (progress) ──18x──▶ waiting (ring) ──final──▶ ended
 *   any ──timer, failure──▶ ended          any ──abandon()──▶ ended, silently
 *
 * Ending leaves no loose end: an INVITE that is still out gets CANCEL or ACK and BYE by its InviteUac.
 */
export class EgressAttempt implements Attempt, InviteUacUser, AttemptTimersUser {
  readonly #options: AttemptOptions;
  readonly #redirect: FollowedRedirect;
  readonly #timers: AttemptTimers;
  readonly #targets = new AttemptTargets();
  /** Where the attempt leaves; undefined until that is known. */
  #place: EgressPlace | undefined;
  /** There is an offer for `#place`. */
  #isOffered = false;
  /** What the attempt does with it. */
  #whenOffered: (() => void) | undefined;
  #invite: InviteUac | undefined;
  #isEnded = false;
  readonly #writer: InviteWriter;
  #hasRetriedGlare = false;

  constructor(options: AttemptOptions) {
    this.#options = options;
    const { ports, maxForwards, maxBreadth, supported, sessionIntervalSeconds } = options;
    this.#redirect = new FollowedRedirect(options.candidate);
    this.#timers = new AttemptTimers(ports.clock, this);
    this.#writer = new InviteWriter({
      agent: ports.agent,
      maxForwards,
      maxBreadth,
      supported,
      sessionIntervalSeconds,
      contentType: "application/sdp",
    });
  }

  /** The candidate, or where its 302 led. */
  get candidate(): EgressCandidate {
    return this.#redirect.candidate;
  }

  get url(): string {
    return this.#redirect.url;
  }

  get sipCallId(): string {
    return this.#writer.callId;
  }

  /** The network it leaves by. */
  get path(): Path | undefined {
    return this.#place?.path;
  }

  /** `UDP 192.0.2.7:5060` of the address in use. */
  get remote(): string | undefined {
    const target = this.#targets.current?.target;
    if (target === undefined) return undefined;
    const host = target.address.includes(":") ? `[${target.address}]` : target.address;
    return `${target.protocol} ${host}:${target.port}`;
  }

  get placedAt(): undefined {
    return undefined;
  }

  start(): void {
    const { candidate } = this;
    this.#timers.begin(candidate.firstResponseMs);
    const early = candidate.placeOf(undefined, this.#options.isLastResort);
    if (early?.ok === false) {
      this.#refusePlace(early);
      return;
    }
    if (early === undefined) this.#locate(candidate, undefined);
    else this.#leaveBy(early.place, () => this.#locate(candidate, early));
    // Sending has armed the timer already, unless the addresses or the offer have to be waited for.
    if (!this.#isEnded && !this.#timers.isRunning) {
      this.#timers.start("first-response", candidate.firstResponseMs);
    }
  }

  /** The private line that it uses is dead: the attempt does not wait for its timers. Others are not concerned. */
  onConnectionDown(connection: string, text: string): void {
    if (this.#isEnded || this.path?.connection !== connection || this.#targets.current === undefined) return;
    this.#targets.dropLaterBehind(connection);
    if (this.#targets.hasNext) this.#nextAddress();
    // The line's fault, which its own health tells: the target is not to blame.
    else this.#end({ kind: "transport-error" }, undefined, text, { isTargetsFault: false });
  }

  /** The caller is gone, or another way was taken. Nothing is reported any more. */
  abandon(headerFields?: HeaderFields): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#timers.stop();
    this.#invite?.abandon(headerFields);
  }

  onProvisional(response: SipResponse, _invite: InviteUac, reliable: ReliableResponse | undefined): void {
    if (this.#isEnded) return;
    if (response.statusCode === 100) {
      if (this.#timers.phase === "first-response") this.#timers.start("progress", this.candidate.progressMs);
      return;
    }
    if (this.#timers.phase !== "ring") this.#timers.start("ring", this.candidate.ringMs);
    this.#options.user.onProvisional(response, this, reliable);
  }

  onAnswer(response: SipResponse, usage: InviteUsage): void {
    usage.credentials = this.candidate.credentials;
    this.#isEnded = true;
    this.#timers.stop();
    this.#signal(response.statusCode, undefined, response);
    this.#options.user.onAnswer(response, usage, this);
  }

  onRejected(response: SipResponse): void {
    if (this.#isEnded) return;
    const { statusCode } = response;
    this.#redirect.forgetFailure();
    if (statusCode === 503 && this.#targets.hasNext) {
      this.#nextAddress();
      return;
    }
    const result: AttemptResult = {
      kind: "response",
      statusCode,
      q850Cause: q850CauseIn(response.values("Reason")),
    };
    if (this.#retry(this.#verdict(result), response)) return;
    this.#end(result, response, `${statusCode} ${response.reasonPhrase}`);
  }

  onFailed(kind: "timeout" | "transport-error", text: string): void {
    if (this.#isEnded) return;
    if (this.#targets.hasNext) {
      this.#nextAddress(kind);
      return;
    }
    if (kind === "timeout") this.#end({ kind: "timeout", timer: "first-response" }, undefined, text);
    else this.#end({ kind: "transport-error" }, undefined, text);
  }

  /** @internal */
  onTimer(): void {
    if (this.#isEnded) return;
    const { phase } = this.#timers;
    if (phase === "first-response" && this.#targets.hasNext) {
      this.#nextAddress("timeout");
      return;
    }
    this.#end({ kind: "timeout", timer: phase }, undefined, timerTexts[phase]);
  }

  /** @internal The glare delay is over. */
  onResend(): void {
    if (!this.#isEnded) this.#sendToTarget();
  }

  #locate(candidate: EgressCandidate, early: Placement | undefined): void {
    locateUri(this.#options.ports.agent.locator, candidate.firstHop ?? candidate.nextHop, (located) => {
      if (!this.#isEnded && candidate === this.candidate) this.#onLocated(located, early);
    });
  }

  #onLocated(located: LocatedUri, early: Placement | undefined): void {
    if (!located.ok || located.targets.length === 0) {
      const text = located.ok
        ? `no address for ${this.candidate.firstHop ?? this.candidate.nextHop}`
        : located.text;
      this.#end({ kind: "transport-error" }, undefined, text);
      return;
    }
    const { isLastResort } = this.#options;
    const { placed, objection } = placeTargets(this.candidate, early, located.targets, isLastResort);
    this.#targets.set(placed);
    if (objection !== undefined && placed.length === 0) this.#refusePlace(objection);
    else this.#sendToTarget();
  }

  #refusePlace(objection: Unplaced): void {
    this.#isEnded = true;
    this.#timers.stop();
    this.#options.user.onUnplaced(objection, this);
  }

  /** Goes on with the offer for that place, which is made when the attempt has not left by it yet. */
  #leaveBy(place: EgressPlace, then: () => void): void {
    this.#whenOffered = then;
    if (isSamePlace(this.#place, place)) {
      if (this.#isOffered) then();
      return;
    }
    this.#place = place;
    this.#isOffered = false;
    this.#options.offer(place.media, (offer) => {
      if (!this.#isEnded && place === this.#place) this.#onOffer(offer);
    });
  }

  #onOffer(offer: Anchored): void {
    if (!offer.ok) {
      this.#isEnded = true;
      this.#timers.stop();
      this.#options.user.onUnoffered(offer, this);
      return;
    }
    this.#isOffered = true;
    this.#writer.body = offer.text;
    this.#writer.contentType = offer.contentType;
    this.#options.user.onPlaced(this);
    this.#whenOffered?.();
  }

  /** @param silence why the address before is given up; undefined: it answered, or it is not to blame */
  #nextAddress(silence?: "timeout" | "transport-error"): void {
    this.#invite?.abandon();
    const left = this.#place;
    this.#targets.advance();
    const next = this.#targets.current;
    // What another line does would cover it.
    if (silence !== undefined && next !== undefined && !isSamePlace(left, next.place)) {
      this.#signal(undefined, silence, undefined);
    }
    this.#writer.startAnew();
    this.#sendToTarget();
  }

  #sendToTarget(): void {
    const current = this.#targets.current;
    if (current === undefined) return;
    if (this.#writer.isAnew && this.#isShed(current.target)) {
      if (this.#targets.hasNext) this.#nextAddress();
      else this.#refusePlace(askedForLess(current));
      return;
    }
    this.#timers.startShare(this.#targets.left, this.#targets.isOnlyOne);
    this.#leaveBy(current.place, () => {
      if (current === this.#targets.current) this.#send(current.target);
    });
  }

  /** The target has asked for fewer calls, and this is one of those that it is spared. */
  #isShed(target: Target): boolean {
    const { overload } = this.#options.ports;
    return overload !== undefined && this.candidate.isUrgent !== true && overload.sheds(target);
  }

  #send(target: Target): void {
    const { ports, usageUser } = this.#options;
    const request = this.#writer.write(this.candidate.invite, target);
    this.#invite = new InviteUac(ports.agent, request, target, this, usageUser);
    this.#invite.send();
  }

  #verdict(result: AttemptResult): Verdict {
    return verdictOf({
      direction: this.#options.direction,
      result,
      hasAlerted: this.#options.user.hasAlerted,
      overrides: this.candidate.failoverOverrides,
    });
  }

  /** Performs the verdicts that stay within the attempt. False: the attempt has ended. */
  #retry(verdict: Verdict, response: SipResponse): boolean {
    switch (verdict) {
      case "authenticate":
        return this.#writer.answer(response, this.candidate.credentials) && this.#sendAgain();
      case "redirect":
        return this.#follow(response);
      case "retry-with-min-se":
        return this.#writer.raiseMinSe(response) && this.#sendAgain();
      case "retry-after-glare":
        return this.#retryAfterGlare();
      case "next":
      case "stop":
        return false;
    }
  }

  /** To the same address, with the whole first-response time. */
  #sendAgain(): boolean {
    this.#timers.extend(this.candidate.firstResponseMs);
    this.#sendToTarget();
    return true;
  }

  #follow(response: SipResponse): boolean {
    const next = this.#redirect.next(response, this.#place);
    if (next === undefined) return false;
    this.#signal(response.statusCode, undefined, response);
    this.#redirect.follow(next);
    this.#writer.forget();
    this.#targets.set([]);
    this.start();
    return true;
  }

  /** We own the Call-ID: between 2.1 and 4 s in units of 10 ms (RFC 3261 §14.1). */
  #retryAfterGlare(): boolean {
    if (this.#hasRetriedGlare) return false;
    this.#hasRetriedGlare = true;
    const delayMs = 2100 + Math.floor(this.#options.ports.random() * 191) * 10;
    this.#timers.resendAfter(delayMs, this.candidate.firstResponseMs);
    return true;
  }

  #end(
    result: AttemptResult,
    response: SipResponse | undefined,
    text: string,
    options: { readonly isTargetsFault: boolean } = { isTargetsFault: true },
  ): void {
    const verdict = this.#verdict(result);
    this.#isEnded = true;
    this.#timers.stop();
    this.#invite?.abandon();
    if (options.isTargetsFault) this.#signal(response?.statusCode, silenceIn(result), response);
    this.#options.user.onEnded(
      {
        verdict: verdict === "stop" ? "stop" : "next",
        result,
        response,
        reason: this.#redirect.failure,
        text,
        fallback: isUnheard(result) && !this.#redirect.hasFollowed ? this.#place?.fallback : undefined,
      },
      this,
    );
  }

  /** What the target of a 302 does says nothing about the candidate that sent us there. */
  #signal(
    statusCode: number | undefined,
    failure: "timeout" | "transport-error" | undefined,
    response: SipResponse | undefined,
  ): void {
    if (this.#redirect.hasFollowed) return;
    const retryAfter = parseRetryAfter(response?.value("Retry-After") ?? "");
    this.#options.ports.onAttemptSignal({
      candidate: this.candidate,
      path: this.path,
      statusCode,
      failure,
      retryAfterSeconds: retryAfter.ok ? retryAfter.value.seconds : undefined,
    });
  }
}
