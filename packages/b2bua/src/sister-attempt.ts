import type { Timer } from "@tandem/clock";
import { type Reason, reasons } from "@tandem/reasons";
import type { HeaderFields, SipResponse } from "@tandem/sip/message";
import {
  InviteUac,
  type InviteUacUser,
  type InviteUsage,
  type Path,
  type ReliableResponse,
} from "@tandem/sip/user-agent";
import type { Attempt, AttemptOptions } from "./attempt.ts";
import { isUnheard, silenceIn, timerTexts } from "./attempt-outcome.ts";
import type { EgressCandidate, EgressPlace } from "./call-plan.ts";
import { type AttemptResult, verdictOf } from "./failover-policy.ts";
import { InviteWriter } from "./invite-writer.ts";
import type { PlacedAt, SisterPlacement, SisterReport, SisterTarget } from "./sister-placement.ts";

/**
 * One try of one candidate that a sister gateway places for us. The sister minds the timers of the attempt, answers
 * challenges and follows a 302; here it is decided which sister, and whether it still lives.
 *
 *   asking ──100──▶ placed (signs of life) ──18x──▶ ringing ──final──▶ ended
 *   asking, placed, ringing ──silence, transport error, "not placed"──▶ asking the next sister, or ended
 *   any ──abandon()──▶ ended, silently
 *
 * The timers of the candidate are a backstop only: they are longer than anything the sister may take.
 */
export class SisterAttempt implements Attempt, InviteUacUser {
  readonly candidate: EgressCandidate;
  readonly #options: AttemptOptions;
  readonly #placement: SisterPlacement;
  readonly #writer: InviteWriter;
  /** Why the sisters that were asked before this one did not place it. */
  readonly #refusals: string[] = [];
  #place: EgressPlace | undefined;
  #index = 0;
  #invite: InviteUac | undefined;
  #report: SisterReport | undefined;
  #phase: "asking" | "placed" | "ringing" = "asking";
  #deadline: Timer | undefined;
  #watch: Timer | undefined;
  #isEnded = false;

  constructor(options: AttemptOptions, placement: SisterPlacement) {
    this.#options = options;
    this.#placement = placement;
    this.candidate = options.candidate;
    const { ports, maxForwards, maxBreadth, supported, sessionIntervalSeconds } = options;
    this.#writer = new InviteWriter({
      agent: ports.agent,
      maxForwards,
      maxBreadth,
      supported,
      sessionIntervalSeconds,
      contentType: "application/sdp",
    });
  }

  get url(): string {
    return this.#report?.placedAt.redirectedTo ?? this.candidate.url;
  }

  get sipCallId(): string {
    return this.#writer.callId;
  }

  get remote(): string | undefined {
    return this.#report?.placedAt.remote;
  }

  /** Before the sister has said anything it is known which one was asked. */
  get placedAt(): PlacedAt | undefined {
    if (this.#report !== undefined) return this.#report.placedAt;
    const nowhere = { interfaceName: undefined, connection: undefined, remote: undefined };
    return {
      gateway: this.#sister.gateway,
      edge: this.candidate.edge,
      ...nowhere,
      redirectedTo: undefined,
    };
  }

  /** Over the backbone: the line that the far end is behind is the sister's. */
  get path(): Path | undefined {
    return this.#place?.path;
  }

  start(): void {
    const { candidate, user, offer, isLastResort } = this.#options;
    const placement = candidate.placeOf(undefined, isLastResort);
    if (placement?.ok !== true) throw new Error("an attempt of a sister has no way to the backbone");
    this.#place = placement.place;
    offer(placement.place.media, (offered) => {
      if (this.#isEnded) return;
      if (!offered.ok) {
        this.#isEnded = true;
        user.onUnoffered(offered, this);
        return;
      }
      this.#writer.body = offered.text;
      this.#writer.contentType = offered.contentType;
      user.onPlaced(this);
      this.#ask();
    });
  }

  /** The sister hears of its lines itself. */
  onConnectionDown(): void {}

  abandon(headerFields?: HeaderFields): void {
    if (this.#isEnded) return;
    this.#stop();
    this.#invite?.abandon(headerFields);
  }

  onProvisional(response: SipResponse, _invite: InviteUac, reliable: ReliableResponse | undefined): void {
    if (this.#isEnded) return;
    this.#watchSilence();
    if (response.statusCode === 100) {
      if (this.#phase === "asking") this.#enter("placed", this.candidate.progressMs);
      return;
    }
    if (!this.#believe(response)) return;
    if (this.#phase !== "ringing") this.#enter("ringing", this.candidate.ringMs);
    this.#options.user.onProvisional(response, this, reliable);
  }

  onAnswer(response: SipResponse, usage: InviteUsage): void {
    if (!this.#believe(response)) {
      // Whoever answered must not stay answered.
      usage.bye();
      return;
    }
    this.#stop();
    this.#signal(response.statusCode, undefined);
    this.#options.user.onAnswer(response, usage, this);
  }

  onRejected(response: SipResponse): void {
    if (this.#isEnded || !this.#believe(response)) return;
    const {
      verdict,
      reason,
      text = `${response.statusCode} ${response.reasonPhrase}`,
    } = this.#report as SisterReport;
    const { statusCode } = response;
    switch (verdict?.kind) {
      case "ended":
        this.#farEnded(verdict.result, response, text);
        return;
      case "not-placed":
        this.#nextSister(text);
        return;
      case "unusable":
        this.#end({ kind: "response", statusCode, q850Cause: undefined }, text, {
          response,
          reason,
          isOver: true,
        });
        return;
      case "failed":
      case undefined:
        this.#end({ kind: "transport-error" }, text, { reason: reason ?? reasons.internalError });
    }
  }

  onFailed(_kind: "timeout" | "transport-error", text: string): void {
    if (this.#isEnded) return;
    this.#placement.onSilent(this.#sister.gateway, text);
    this.#nextSister(text);
  }

  /** @internal The sister said nothing in time, or the backstop timer ran out. */
  onDeadline(): void {
    this.#deadline = undefined;
    if (this.#isEnded) return;
    if (this.#phase === "asking") {
      this.#silent("did not answer in time");
      return;
    }
    const timer = this.#phase === "placed" ? "progress" : "ring";
    this.#end({ kind: "timeout", timer }, timerTexts[timer], {});
  }

  /** @internal No sign of life. */
  onSilence(): void {
    this.#watch = undefined;
    if (!this.#isEnded) this.#silent("went silent");
  }

  get #sister(): SisterTarget {
    return this.#placement.sisters[this.#index] as SisterTarget;
  }

  #ask(): void {
    const { ports, index, user, usageUser } = this.#options;
    const sister = this.#sister;
    const { target } = sister;
    this.#enter("asking", this.#placement.firstResponseMs);
    const facts = { sister, body: this.#writer.body, attemptIndex: index, hasAlerted: user.hasAlerted };
    const request = this.#writer.write(
      (identity) => this.#placement.invite({ ...facts, ...identity }),
      target,
    );
    this.#invite = new InviteUac(ports.agent, request, target, this, usageUser);
    this.#invite.send();
  }

  #silent(text: string): void {
    this.#placement.onSilent(this.#sister.gateway, text);
    this.#nextSister(text);
  }

  #nextSister(text: string): void {
    this.#refusals.push(`${this.#sister.gateway}: ${text}`);
    this.#invite?.abandon();
    this.#watch?.cancel();
    this.#watch = undefined;
    if (this.#index + 1 < this.#placement.sisters.length) {
      this.#index += 1;
      this.#report = undefined;
      this.#writer.startAnew();
      this.#ask();
      return;
    }
    // A gateway that said what it lacks knows better than we do.
    const reason = this.#report?.reason ?? reasons.edgeUnreachable;
    this.#end({ kind: "transport-error" }, this.#refusals.join("; "), { reason });
  }

  /** False: the response is not to be believed, and the attempt has ended. */
  #believe(response: SipResponse): boolean {
    const reading = this.#placement.read(response, this.#sister);
    if (reading.ok) {
      this.#report = reading.report;
      return true;
    }
    if (!this.#isEnded) {
      const text = `${this.#sister.gateway}: ${response.statusCode}: ${reading.text}`;
      this.#end({ kind: "transport-error" }, text, { reason: reasons.backboneResponseUnverified });
    }
    return false;
  }

  #farEnded(result: AttemptResult, response: SipResponse, text: string): void {
    const isResponse = result.kind === "response";
    this.#signal(isResponse ? response.statusCode : undefined, silenceIn(result));
    this.#end(result, text, { reason: this.#report?.reason, ...(isResponse ? { response } : {}) });
  }

  #end(
    result: AttemptResult,
    text: string,
    parts: {
      readonly response?: SipResponse;
      readonly reason?: Reason | undefined;
      readonly isOver?: boolean;
    },
  ): void {
    const { direction, user } = this.#options;
    const overrides = this.candidate.failoverOverrides;
    const verdict = verdictOf({ direction, result, hasAlerted: user.hasAlerted, overrides });
    this.#stop();
    this.#invite?.abandon();
    const isStop = verdict === "stop" || parts.isOver === true;
    const { response, reason } = parts;
    const fallback = isUnheard(result) ? this.#place?.fallback : undefined;
    user.onEnded({ verdict: isStop ? "stop" : "next", result, response, reason, text, fallback }, this);
  }

  /** What the target of a 302 does says nothing about the candidate that sent us there. */
  #signal(statusCode: number | undefined, failure: "timeout" | "transport-error" | undefined): void {
    const hasFollowed = this.#report?.placedAt.redirectedTo !== undefined;
    this.#options.ports.onAttemptSignal({
      candidate: this.candidate,
      path: this.path,
      statusCode: hasFollowed ? 302 : statusCode,
      failure: hasFollowed ? undefined : failure,
      retryAfterSeconds: hasFollowed ? undefined : this.#report?.retryAfterSeconds,
    });
  }

  #enter(phase: "asking" | "placed" | "ringing", limitMs: number): void {
    this.#phase = phase;
    this.#deadline?.cancel();
    this.#deadline = this.#options.ports.clock.schedule(limitMs, expire, this);
  }

  #watchSilence(): void {
    this.#watch?.cancel();
    this.#watch = this.#options.ports.clock.schedule(this.#placement.silenceMs, silence, this);
  }

  #stop(): void {
    this.#isEnded = true;
    this.#deadline?.cancel();
    this.#watch?.cancel();
  }
}

function expire(attempt: SisterAttempt): void {
  attempt.onDeadline();
}

function silence(attempt: SisterAttempt): void {
  attempt.onSilence();
}
