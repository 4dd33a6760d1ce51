import { type CallFacts, q850Reason, type SkippedCandidate, skippedAttempts } from "@tandem/b2bua";
import type { Clock } from "@tandem/clock";
import { type Reason, reasons } from "@tandem/reasons";
import { HeaderFields } from "@tandem/sip/message";
import type { InviteUas } from "@tandem/sip/user-agent";
import type { Verdict } from "../pipeline/verdict.ts";

type Refusal = Extract<Verdict, { kind: "refuse" }>;

/** Answers an INVITE that a stage refused: the status, its phrase, and a Warning that says what we saw (RFC 3261 §20.43). */
export function sendRefusal(invite: InviteUas, refusal: Refusal): number {
  const { reason } = refusal;
  const statusCode = refusal.statusCode ?? reason.statusCode ?? 500;
  const headerFields = new HeaderFields();
  for (const field of refusal.headerFields ?? []) headerFields.append(field.name, field.value);
  if (statusCode !== 407) {
    if (reason.q850Cause !== undefined) headerFields.append("Reason", q850Reason(reason.q850Cause));
    headerFields.append("Warning", warning(reason, invite.flow.remoteAddress));
  }
  const phrase = refusal.reasonPhrase ?? (statusCode === reason.statusCode ? reason.reasonPhrase : undefined);
  invite.reject(statusCode, phrase === undefined ? { headerFields } : { reasonPhrase: phrase, headerFields });
  return statusCode;
}

/** `399 tandem "32201 source-address-not-in-access-control-list; seen from 192.0.2.7"`. */
function warning(reason: Reason, address: string): string {
  return `399 tandem "${reason.code} ${reason.name}; seen from ${address}"`;
}

/** Facts of a call that never had an attempt. @param skipped what routing refused to try */
export function refusedFacts(
  clock: Clock,
  invite: InviteUas,
  callSid: string,
  refusal: Refusal,
  statusCode: number,
  skipped: readonly SkippedCandidate[],
): CallFacts {
  const now = clock.wallMs();
  const nothing = { packets: 0, bytes: 0, lost: 0, jitterMs: 0, events: null, foreignPackets: null };
  return {
    exchangeCallId: callSid,
    setupAtMs: now,
    answeredAtMs: undefined,
    releasedAtMs: now,
    postDialDelayMs: undefined,
    releasedBy: refusal.reason === reasons.callerCanceled ? "caller" : "exchange",
    statusCode,
    q850Cause: refusal.reason.q850Cause,
    reason: refusal.reason,
    reasonText: refusal.text,
    ingressSipCallId: invite.request.callId,
    egressSipCallId: undefined,
    carrierSid: undefined,
    attempts: skippedAttempts(clock, skipped),
    fromIngress: nothing,
    fromEgress: nothing,
    mediaEngine: undefined,
    adopted: false,
  };
}
