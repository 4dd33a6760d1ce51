import { type Clock, SteadyTime } from "@tandem/clock";
import { type Reason, reasons } from "@tandem/reasons";
import type { Path } from "@tandem/sip/user-agent";
import type { Attempt } from "./attempt.ts";
import type { AttemptOutcome } from "./attempt-outcome.ts";
import type { AttemptFacts } from "./call-facts.ts";
import type { EgressCandidate, SkippedCandidate } from "./call-plan.ts";
import type { AttemptResult, AttemptTimer } from "./failover-policy.ts";

/** Writes the attempt facts of one call. The attempt under way is always the last entry. */
export class AttemptLog {
  readonly #time: SteadyTime;
  readonly #attempts: AttemptFacts[];

  constructor(time: SteadyTime, attempts: AttemptFacts[]) {
    this.#time = time;
    this.#attempts = attempts;
  }

  /** Before the first attempt, or between two. */
  skipped(skipped: SkippedCandidate): void {
    const entry = this.#entry(skipped.sid, skipped.carrierSid, skipped.url, skipped.edge);
    entry.result = "skipped";
    entry.reason = skipped.reason;
    entry.reasonText = skipped.text;
  }

  started(candidate: EgressCandidate): void {
    const entry = this.#entry(candidate.sid, candidate.carrierSid, candidate.url, candidate.edge);
    entry.reason = candidate.insteadOf?.reason;
    entry.reasonText = candidate.insteadOf?.text;
  }

  /** The attempt under way leaves by this path. */
  placed(path: Path | undefined): void {
    const entry = this.#current;
    if (entry === undefined) return;
    entry.interfaceName = path?.interfaceName;
    entry.connection = path?.connection;
  }

  /** The attempt under way could not be made. */
  unplaced(reason: Reason, text: string, path: Path | undefined): void {
    const entry = this.#current;
    if (entry === undefined) return;
    this.placed(path);
    entry.endedAtMs = this.#time.wallMs();
    entry.result = "skipped";
    entry.reason = reason;
    entry.reasonText = text;
  }

  /** The attempt under way was none: its call ended before anything was tried. */
  withdrawn(): void {
    this.#attempts.pop();
  }

  /** 101-199; the first of them ends the post-dial delay of the attempt. */
  progressed(statusCode: number): void {
    const entry = this.#current;
    if (entry === undefined) return;
    entry.statusCode = statusCode;
    entry.postDialDelayMs ??= this.#time.wallMs() - entry.startedAtMs;
  }

  answered(attempt: Attempt): void {
    const entry = this.#close(attempt);
    if (entry === undefined) return;
    entry.result = "answered";
    entry.statusCode = 200;
    entry.postDialDelayMs ??= entry.endedAtMs - entry.startedAtMs;
  }

  failed(attempt: Attempt, outcome: AttemptOutcome): void {
    const entry = this.#close(attempt);
    if (entry === undefined) return;
    entry.result = "failed";
    entry.statusCode = outcome.response?.statusCode;
    entry.reasonPhrase = outcome.response?.reasonPhrase;
    entry.q850Cause = outcome.result.kind === "response" ? outcome.result.q850Cause : undefined;
    entry.reason = outcome.reason ?? reasonOf(outcome.result, entry.carrierSid !== undefined);
    entry.reasonText = outcome.text;
  }

  /** The callee answered, but its answer can't be used. */
  unusable(attempt: Attempt, reason: Reason, text: string): void {
    const entry = this.#close(attempt);
    if (entry === undefined) return;
    entry.result = "failed";
    entry.statusCode = 200;
    entry.reason = reason;
    entry.reasonText = text;
  }

  /** The call ended while the attempt was under way. Nothing when it had its result. */
  abandoned(attempt: Attempt | undefined, reason: Reason): void {
    if (attempt === undefined || this.#current?.result !== "abandoned") return;
    const entry = this.#close(attempt);
    if (entry !== undefined) entry.reason = reason;
  }

  get #current(): AttemptFacts | undefined {
    return this.#attempts[this.#attempts.length - 1];
  }

  #close(attempt: Attempt): AttemptFacts | undefined {
    const entry = this.#current;
    if (entry === undefined) return undefined;
    const { placedAt } = attempt;
    if (placedAt !== undefined) {
      entry.viaGateway = placedAt.gateway;
      entry.edge = placedAt.edge ?? entry.edge;
      entry.interfaceName = placedAt.interfaceName;
      entry.connection = placedAt.connection;
    }
    entry.url = attempt.url;
    entry.remote = attempt.remote;
    entry.sipCallId = attempt.sipCallId === "" ? undefined : attempt.sipCallId;
    entry.endedAtMs = this.#time.wallMs();
    return entry;
  }

  #entry(
    candidateSid: string,
    carrierSid: string | undefined,
    url: string,
    edge: string | undefined,
  ): AttemptFacts {
    const now = this.#time.wallMs();
    const entry: AttemptFacts = {
      index: this.#attempts.length,
      candidateSid,
      carrierSid,
      url,
      edge,
      interfaceName: undefined,
      connection: undefined,
      viaGateway: undefined,
      remote: undefined,
      sipCallId: undefined,
      startedAtMs: now,
      postDialDelayMs: undefined,
      endedAtMs: now,
      result: "abandoned",
      statusCode: undefined,
      reasonPhrase: undefined,
      q850Cause: undefined,
      reason: undefined,
      reasonText: undefined,
    };
    this.#attempts.push(entry);
    return entry;
  }
}

/** The facts of candidates none of which was tried. */
export function skippedAttempts(clock: Clock, skipped: readonly SkippedCandidate[]): AttemptFacts[] {
  const attempts: AttemptFacts[] = [];
  const log = new AttemptLog(new SteadyTime(clock), attempts);
  for (const one of skipped) log.skipped(one);
  return attempts;
}

export function reasonOf(result: AttemptResult, isCarrier: boolean): Reason {
  if (result.kind === "transport-error") return reasons.transportError;
  if (result.kind === "response") {
    return isCarrier ? reasons.carrierAttemptFailed : reasons.originationAttemptFailed;
  }
  return timeoutReason(result.timer);
}

export function timeoutReason(timer: AttemptTimer): Reason {
  switch (timer) {
    case "first-response":
      return reasons.attemptTimeoutFirstResponse;
    case "progress":
      return reasons.attemptTimeoutProgress;
    case "ring":
      return reasons.attemptTimeoutRing;
  }
}
