import { type Reason, reasons } from "@tandem/reasons";
import { HeaderFields, parseRetryAfter, type SipResponse } from "@tandem/sip/message";
import type { InviteResponse } from "@tandem/sip/user-agent";
import { acceptedContent } from "./accepted-content.ts";
import { reasonOf, timeoutReason } from "./attempt-log.ts";
import type { AttemptOutcome } from "./attempt-outcome.ts";
import type { ReleasedBy } from "./call-facts.ts";
import { q850CauseIn, q850CauseOf, q850Reason } from "./cause-mapping.ts";
import type { Release } from "./joined-legs.ts";
import { chooseResponse, type FinalResponse } from "./response-choice.ts";
import type { SessionPolicy } from "./session-interval.ts";
import type { SisterVerdict } from "./sister-placement.ts";
import { warningOf } from "./warning-of.ts";

/** How a call that was never answered ends: what its caller gets, and what its record says. */
export interface SetupFailure {
  readonly statusCode: number;
  /** Undefined: that of the status code. */
  readonly reasonPhrase: string | undefined;
  /** Reason header field values of the callee; empty: one with `q850Cause` is made. */
  readonly reasonValues: readonly string[];
  readonly q850Cause: number;
  readonly releasedBy: ReleasedBy;
  readonly reason: Reason;
  readonly text: string | undefined;
  /** What a gateway is told that asked for the attempt; left out: nothing was placed, or it is a fault of ours. */
  readonly verdict?: SisterVerdict;
  /** Of the callee's 503. */
  readonly retryAfterSeconds?: number | undefined;
  /** Min-SE of a 422 of ours. */
  readonly minSeSeconds?: number;
}

/** A failure for a reason of ours; 480 when the reason itself has no status code. */
export function failureFor(reason: Reason, releasedBy: ReleasedBy = "exchange", text?: string): SetupFailure {
  const statusCode = reason.statusCode ?? 480;
  return {
    statusCode,
    reasonPhrase: reason.statusCode === undefined ? undefined : reason.reasonPhrase,
    reasonValues: [],
    q850Cause: reason.q850Cause ?? q850CauseOf(statusCode),
    releasedBy,
    reason,
    text,
  };
}

/** The caller's session interval is below ours (RFC 4028 §9). */
export function intervalTooSmall({ minimumSeconds }: SessionPolicy): SetupFailure {
  return { ...failureFor(reasons.sessionIntervalTooSmall, "exchange"), minSeSeconds: minimumSeconds };
}

/** Every candidate was tried: the best response of all. */
export function allCandidatesFailed(responses: readonly FinalResponse[], anyTimeout: boolean): SetupFailure {
  return {
    ...passedOn(responses, anyTimeout),
    releasedBy: "exchange",
    reason: reasons.allCandidatesFailed,
    text: undefined,
  };
}

/** An attempt ended with a result after which no other candidate is tried. */
export function stoppedBy(outcome: AttemptOutcome): SetupFailure {
  const { response, result } = outcome;
  const isTimeout = result.kind === "timeout";
  return {
    ...passedOn(response === undefined ? [] : [finalResponse(response)], isTimeout),
    releasedBy: response === undefined ? "exchange" : "callee",
    reason: isTimeout ? timeoutReason(result.timer) : reasons.calleeRefused,
    text: undefined,
  };
}

/** The one attempt that a sister gateway asked for has ended: its result as it is. */
export function farFailure(outcome: AttemptOutcome): SetupFailure {
  const { response, result, text } = outcome;
  const verdict = { kind: "ended", result } as const;
  const reason = outcome.reason ?? reasonOf(result, false);
  if (response === undefined) {
    return { ...failureFor(reason, "exchange", text), verdict };
  }
  const retryAfter = parseRetryAfter(response.value("Retry-After") ?? "");
  const final = finalResponse(response);
  return {
    ...final,
    q850Cause: q850CauseIn(final.reasonValues) ?? q850CauseOf(final.statusCode),
    releasedBy: "callee",
    reason: outcome.reason ?? reasons.calleeRefused,
    text: outcome.reason === undefined ? undefined : text,
    verdict,
    retryAfterSeconds: retryAfter.ok ? retryAfter.value.seconds : undefined,
  };
}

/** The callee's 2xx can't be joined to the caller (RFC 3261 §21.5.3: an invalid response from downstream). */
export function unusableAnswer(reason: Reason, text: string): SetupFailure {
  return {
    statusCode: 502,
    reasonPhrase: undefined,
    reasonValues: [],
    q850Cause: q850CauseOf(502),
    releasedBy: "exchange",
    reason,
    text,
  };
}

/** The call was ended between the callee's answer and ours. */
export function releasedInSetup(release: Release): SetupFailure {
  const { releasedBy, q850Cause, reason } = release;
  const failure = failureFor(reason ?? reasons.calleeRefused, releasedBy);
  return { ...failure, statusCode: releasedBy === "caller" ? 487 : failure.statusCode, q850Cause };
}

export function finalResponse(response: SipResponse): FinalResponse {
  return {
    statusCode: response.statusCode,
    reasonPhrase: response.reasonPhrase,
    reasonValues: response.values("Reason"),
  };
}

/** The response to the caller. A refusal of our own says so in Warning (RFC 3261 §20.43) with our stable code. */
export function failureResponse(failure: SetupFailure): InviteResponse {
  const { statusCode, reason, reasonPhrase } = failure;
  const headerFields = new HeaderFields();
  for (const value of failure.reasonValues) headerFields.append("Reason", value);
  if (failure.reasonValues.length === 0) headerFields.append("Reason", q850Reason(failure.q850Cause));
  if (reason.statusCode === statusCode && failure.releasedBy === "exchange") {
    headerFields.append("Warning", warningOf(reason));
  }
  if (failure.minSeSeconds !== undefined) headerFields.append("Min-SE", String(failure.minSeSeconds));
  if (statusCode === 415) headerFields.appendAll(acceptedContent());
  return reasonPhrase === undefined ? { headerFields } : { reasonPhrase, headerFields };
}

function passedOn(
  responses: readonly FinalResponse[],
  anyTimeout: boolean,
): Pick<SetupFailure, "statusCode" | "reasonPhrase" | "reasonValues" | "q850Cause"> {
  const chosen = chooseResponse(responses, anyTimeout);
  return { ...chosen, q850Cause: q850CauseIn(chosen.reasonValues) ?? q850CauseOf(chosen.statusCode) };
}
