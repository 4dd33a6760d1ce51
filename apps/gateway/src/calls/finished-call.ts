import type { CallFacts } from "@tandem/b2bua";
import type { LegRecord } from "@tandem/contracts";
import type { Ledger } from "../ledger/ledger.ts";
import type { QualityFacts } from "../quality/call-quality.ts";
import { type CallIdentity, callRecord, recordMedia, recordReason } from "./call-record.ts";
import type { LiveCalls } from "./live-calls.ts";

/** Key of a call in journal and live calls: the exchangeCallId, but for a leg that was placed for a sister. */
export function callKey(identity: CallIdentity, exchangeCallId: string): string {
  return identity.leg?.key ?? exchangeCallId;
}

/** The trunk whose limits a call counts for: once, where it entered. */
export function countedTrunk(identity: CallIdentity): string | null {
  return identity.leg === undefined ? identity.trunkSid : null;
}

/** The call is over: it is counted, its record, or the record of the leg, goes to the outbox and its journal entry away. */
export function finishCall(
  { ledger, calls }: { readonly ledger: Ledger; readonly calls: Pick<LiveCalls, "ended"> },
  identity: CallIdentity,
  facts: CallFacts,
  quality?: QualityFacts,
): void {
  const key = callKey(identity, facts.exchangeCallId);
  calls.ended(identity, facts, quality);
  if (identity.leg === undefined) ledger.finish(key, JSON.stringify(callRecord(identity, facts, quality)));
  else ledger.finishLeg(key, JSON.stringify(legRecord(identity, identity.leg, facts, quality)));
}

/** What this gateway did for a call that entered elsewhere. */
function legRecord(
  identity: CallIdentity,
  leg: NonNullable<CallIdentity["leg"]>,
  facts: CallFacts,
  quality: QualityFacts | undefined,
): LegRecord {
  return {
    callSid: facts.exchangeCallId,
    attemptIndex: leg.attemptIndex,
    gateway: identity.gateway,
    edge: identity.edge,
    entryGateway: leg.entryGateway,
    candidateSid: leg.candidateSid,
    ...farEnd(facts),
    backboneSipCallId: facts.ingressSipCallId,
    setupAtMs: facts.setupAtMs,
    answeredAtMs: facts.answeredAtMs ?? null,
    releasedAtMs: facts.releasedAtMs ?? facts.setupAtMs,
    statusCode: facts.statusCode ?? null,
    q850Cause: facts.q850Cause ?? null,
    reason: recordReason(facts.reason, facts.reasonText),
    media: recordMedia(facts, quality),
    adopted: facts.adopted,
  };
}

/** Path and address of the egress leg; a leg has one attempt. */
function farEnd(
  facts: CallFacts,
): Pick<LegRecord, "interface" | "connection" | "remote" | "egressSipCallId"> {
  const attempt = facts.attempts[facts.attempts.length - 1];
  return {
    interface: attempt?.interfaceName ?? null,
    connection: attempt?.connection ?? null,
    remote: attempt?.remote ?? null,
    egressSipCallId: facts.egressSipCallId ?? attempt?.sipCallId ?? null,
  };
}
