import type { SteadyTime } from "@tandem/clock";
import { type Reason, reasons } from "@tandem/reasons";
import { defaultMaxBreadth, type HeaderFields, type SipResponse } from "@tandem/sip/message";
import type { InviteUsage, InviteUsageUser, ReliableResponse } from "@tandem/sip/user-agent";
import type { Attempt, AttemptOptions, AttemptUser } from "./attempt.ts";
import { AttemptLog } from "./attempt-log.ts";
import type { AttemptOutcome } from "./attempt-outcome.ts";
import type { AttemptFacts } from "./call-facts.ts";
import type {
  CallPlan,
  CallPorts,
  EgressCandidate,
  EgressPlace,
  Fallback,
  SkippedCandidate,
  Unplaced,
} from "./call-plan.ts";
import { CandidateQueue, type QueuedCandidate } from "./candidate-queue.ts";
import { EgressAttempt } from "./egress-attempt.ts";
import type { Anchored } from "./media-anchor.ts";
import type { FinalResponse } from "./response-choice.ts";
import { defaultSessionPolicy } from "./session-interval.ts";
import {
  allCandidatesFailed,
  failureFor,
  farFailure,
  finalResponse,
  type SetupFailure,
  stoppedBy,
} from "./setup-failure.ts";
import { SisterAttempt } from "./sister-attempt.ts";

export interface CandidateAttemptsUser {
  /** The offer for the place that an attempt leaves by; "": the callee makes it. */
  offerFor(media: EgressPlace["media"], done: (offer: Anchored) => void): void;
  /** 101-199 of the attempt under way; one that is `reliable` has to be acknowledged. */
  onProvisional(response: SipResponse, attempt: Attempt, reliable: ReliableResponse | undefined): void;
  /** The attempt under way has answered: `answered` or `unusable` is told what came of it. */
  onAnswer(response: SipResponse, usage: InviteUsage, attempt: Attempt): void;
  /** An attempt failed: its facts are the last ones. */
  onAttemptFailed(): void;
  /** A candidate was not tried: its facts are the last ones. */
  onCandidateSkipped(): void;
  /** Nobody answered and nobody else is tried: `end` has to follow. */
  onExhausted(failure: SetupFailure): void;
}

export interface CandidateAttemptsOptions {
  readonly ports: CallPorts;
  readonly plan: CallPlan;
  /** Where the attempts are written down. */
  readonly facts: AttemptFacts[];
  /** Of the call they are for. */
  readonly time: SteadyTime;
  /** Value of Supported in the INVITEs. */
  readonly supported: string;
  readonly user: CandidateAttemptsUser;
  /** Of the dialogs that attempts open. */
  readonly usageUser: InviteUsageUser;
}

/**
 * The egress side of a set-up: one candidate after the other, until one answers or none is left.
 *
 *   trying ──attempt answers──▶ over          trying ──no candidate left, stop──▶ onExhausted ──end()──▶ over
 *   trying ──end()──▶ over                    the attempt under way is given up
 */
export class CandidateAttempts implements AttemptUser {
  readonly #options: CandidateAttemptsOptions;
  readonly #log: AttemptLog;
  readonly #queue: CandidateQueue;
  readonly #responses: FinalResponse[] = [];
  #queued: QueuedCandidate | undefined;
  #attempt: Attempt | undefined;
  #hasTimedOut = false;
  #hasAlerted: boolean;
  #isOver = false;

  constructor(options: CandidateAttemptsOptions) {
    this.#options = options;
    const { plan, facts, time } = options;
    this.#hasAlerted = plan.hasAlerted === true;
    this.#queue = new CandidateQueue(plan.candidates);
    this.#log = new AttemptLog(time, facts);
  }

  /** The attempt under way, or the one that answered. */
  get current(): Attempt | undefined {
    return this.#attempt;
  }

  get hasAlerted(): boolean {
    return this.#hasAlerted;
  }

  /** Starts with the first candidate; at once at the end when there is none. */
  start(): void {
    for (const skipped of this.#options.plan.skipped) this.#skip(skipped);
    this.#next();
  }

  /** Nothing more is tried; an attempt under way is given up. */
  end(headerFields: HeaderFields | undefined, reason: Reason): void {
    this.#isOver = true;
    this.#attempt?.abandon(headerFields);
    this.#log.abandoned(this.#attempt, reason);
  }

  answered(attempt: Attempt): void {
    this.#isOver = true;
    this.#log.answered(attempt);
  }

  /** The 2xx is one that nobody can use. */
  unusable(attempt: Attempt, reason: Reason, text: string): void {
    this.#log.unusable(attempt, reason, text);
    this.#options.user.onAttemptFailed();
  }

  onConnectionDown(connectionSid: string, text: string): void {
    if (!this.#isOver) this.#attempt?.onConnectionDown(connectionSid, text);
  }

  onPlaced(attempt: Attempt): void {
    if (attempt === this.#attempt) this.#log.placed(attempt.path);
  }

  onUnplaced(objection: Unplaced, attempt: Attempt): void {
    if (!this.#isUnderWay(attempt)) return;
    const { user, plan } = this.#options;
    this.#log.unplaced(objection.reason, objection.text, objection.path);
    user.onCandidateSkipped();
    if (plan.reporter !== undefined) {
      const failure = failureFor(objection.reason, "exchange", objection.text);
      user.onExhausted({ ...failure, verdict: { kind: "not-placed" } });
      return;
    }
    if (objection.mayBeTriedLast && this.#queued !== undefined) this.#queue.putOff(this.#queued);
    this.#fallBack(objection.fallback);
    this.#next();
  }

  /** What one place lacks another may have; a fault of the offer itself is one everywhere. */
  onUnoffered(failure: Extract<Anchored, { ok: false }>, attempt: Attempt): void {
    if (!this.#isUnderWay(attempt)) return;
    const { user } = this.#options;
    if (faultsOfPlace.has(failure.reason) && !this.#queue.isEmpty) {
      this.#log.unplaced(failure.reason, failure.text, attempt.path);
      user.onCandidateSkipped();
      this.#next();
      return;
    }
    this.#log.withdrawn();
    this.#attempt = undefined;
    user.onExhausted(failureFor(failure.reason, "exchange", failure.text));
  }

  onProvisional(response: SipResponse, attempt: Attempt, reliable: ReliableResponse | undefined): void {
    if (!this.#isUnderWay(attempt)) return;
    this.#log.progressed(response.statusCode);
    if (response.statusCode === 180 || response.statusCode === 183) this.#hasAlerted = true;
    this.#options.user.onProvisional(response, attempt, reliable);
  }

  onAnswer(response: SipResponse, usage: InviteUsage, attempt: Attempt): void {
    this.#options.user.onAnswer(response, usage, attempt);
  }

  onEnded(outcome: AttemptOutcome, attempt: Attempt): void {
    if (!this.#isUnderWay(attempt)) return;
    const { user, plan } = this.#options;
    this.#log.failed(attempt, outcome);
    if (outcome.result.kind === "timeout") this.#hasTimedOut = true;
    if (outcome.response !== undefined) this.#responses.push(finalResponse(outcome.response));
    user.onAttemptFailed();
    // What follows from it is for the gateway to decide where the call entered.
    if (plan.reporter !== undefined) {
      user.onExhausted(farFailure(outcome));
      return;
    }
    if (outcome.verdict === "stop") {
      user.onExhausted(stoppedBy(outcome));
      return;
    }
    this.#fallBack(outcome.fallback);
    this.#next();
  }

  #isUnderWay(attempt: Attempt): boolean {
    return attempt === this.#attempt && !this.#isOver;
  }

  #next(): void {
    this.#queued = this.#queue.next();
    if (this.#queued === undefined) {
      this.#giveUp();
      return;
    }
    const { candidate, isLastResort } = this.#queued;
    const { ports, plan, facts, supported, user, usageUser } = this.#options;
    const options: AttemptOptions = {
      ports,
      candidate,
      index: facts.length,
      direction: plan.direction,
      maxForwards: plan.maxForwards,
      maxBreadth: plan.maxBreadth ?? defaultMaxBreadth,
      isLastResort,
      supported,
      sessionIntervalSeconds: (plan.sessionPolicy ?? defaultSessionPolicy).intervalSeconds,
      offer: (media, done) => user.offerFor(media, done),
      user: this,
      usageUser,
    };
    const { placement } = candidate;
    this.#attempt =
      placement === undefined ? new EgressAttempt(options) : new SisterAttempt(options, placement);
    this.#log.started(candidate);
    this.#attempt.start();
  }

  /** The same URL by another network goes before all other candidates. */
  #fallBack(fallback: Fallback | undefined): void {
    const made: EgressCandidate | SkippedCandidate | undefined = fallback?.();
    if (made === undefined) return;
    if ("invite" in made) this.#queue.putFirst(made);
    else this.#skip(made);
  }

  #skip(skipped: SkippedCandidate): void {
    this.#log.skipped(skipped);
    this.#options.user.onCandidateSkipped();
  }

  #giveUp(): void {
    const { user, plan } = this.#options;
    if (plan.candidates.length > 0) {
      user.onExhausted(allCandidatesFailed(this.#responses, this.#hasTimedOut));
      return;
    }
    const isOrigination = plan.direction === "origination";
    user.onExhausted(failureFor(isOrigination ? reasons.noOriginationUrl : reasons.noCandidates));
  }
}

const faultsOfPlace: ReadonlySet<Reason> = new Set([
  reasons.noMediaPorts,
  reasons.secureMediaUnavailable,
  reasons.rtpengineDown,
]);
