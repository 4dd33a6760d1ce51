import type { AttemptFacts, CallFacts } from "@tandem/b2bua";
import type { AttemptRecord, CallRecord, CallStatus, RecordReason, RecordStir } from "@tandem/contracts";
import type { Reason } from "@tandem/reasons";
import type { StirFacts } from "../pipeline/call-context.ts";
import type { QualityFacts } from "../quality/call-quality.ts";

/** What a record says that the facts of the call's legs do not: who, where, over which trunk. */
export interface CallIdentity {
  readonly direction: "termination" | "origination";
  readonly accountSid: string | null;
  readonly trunkSid: string | null;
  readonly phoneNumberSid: string | null;
  /** The carrier a call came from; for termination the facts know the one that answered. */
  readonly carrierSid: string | null;
  readonly gateway: string;
  readonly edge: string;
  readonly namedEdge: string | null;
  readonly ingressInterface: string;
  readonly ingressConnection: string | null;
  readonly ingressRemote: string;
  readonly callingNumber: string;
  readonly calledNumber: string;
  /** The call that a transfer made this one of. */
  readonly parentCallSid?: string;
  /** Attended transfer: the transferor's call with the callee. */
  readonly replacedCallSid?: string;
  /** Left out: of an earlier version. */
  readonly stir?: Readonly<StirFacts>;
  /** The call entered elsewhere: this is one attempt for it. Left out: it entered here. */
  readonly leg?: LegIdentity;
}

export interface LegIdentity {
  /** Names the leg in journal and live calls. */
  readonly key: string;
  /** Index of the attempt in the call record. */
  readonly attemptIndex: number;
  readonly entryGateway: string;
  readonly candidateSid: string;
}

export function callRecord(identity: CallIdentity, facts: CallFacts, quality?: QualityFacts): CallRecord {
  return {
    // Named one by one: spreading an object into a literal is a slow path of the engine, and this is each call's.
    sid: facts.exchangeCallId,
    direction: identity.direction,
    accountSid: identity.accountSid,
    trunkSid: identity.trunkSid,
    phoneNumberSid: identity.phoneNumberSid,
    carrierSid: facts.carrierSid ?? identity.carrierSid,
    gateway: identity.gateway,
    edge: identity.edge,
    parentCallSid: identity.parentCallSid ?? null,
    replacedCallSid: identity.replacedCallSid ?? null,
    transferredToCallSid: facts.transferredTo ?? null,
    namedEdge: identity.namedEdge,
    ingressInterface: identity.ingressInterface,
    ingressConnection: identity.ingressConnection,
    ingressRemote: identity.ingressRemote,
    callingNumber: identity.callingNumber,
    calledNumber: identity.calledNumber,
    ingressSipCallId: facts.ingressSipCallId,
    egressSipCallId: facts.egressSipCallId ?? null,
    status: statusOf(facts),
    setupAtMs: facts.setupAtMs,
    answeredAtMs: facts.answeredAtMs ?? null,
    releasedAtMs: facts.releasedAtMs ?? null,
    postDialDelayMs: facts.postDialDelayMs ?? null,
    releasedBy: facts.releasedBy ?? null,
    statusCode: facts.statusCode ?? null,
    q850Cause: facts.q850Cause ?? null,
    reason: recordReason(facts.reason, facts.reasonText),
    attempts: facts.attempts.map(attemptRecord),
    media: recordMedia(facts, quality),
    stir: recordStir(identity.stir),
    adopted: facts.adopted,
  };
}

function recordStir(stir: CallIdentity["stir"]): RecordStir | null {
  if (stir === undefined || (stir.verStat === null && stir.attestation === null)) return null;
  return { verStat: stir.verStat, attestation: stir.attestation };
}

/** Status in the words of the REST API. */
export function statusOf(facts: CallFacts): CallStatus {
  if (facts.releasedAtMs === undefined) return facts.answeredAtMs === undefined ? "ringing" : "in-progress";
  if (facts.answeredAtMs !== undefined) return "completed";
  return facts.statusCode === undefined ? "failed" : (statusByCode[facts.statusCode] ?? "failed");
}

/** What the caller was told, in the words of the REST API; everything else is `failed`. */
const statusByCode: Readonly<Record<number, CallStatus>> = {
  408: "no-answer",
  480: "no-answer",
  486: "busy",
  487: "canceled",
  600: "busy",
};

function attemptRecord(facts: AttemptFacts): AttemptRecord {
  return {
    index: facts.index,
    candidateSid: facts.candidateSid,
    carrierSid: facts.carrierSid ?? null,
    url: facts.url,
    edge: facts.edge ?? null,
    interface: facts.interfaceName ?? null,
    connection: facts.connection ?? null,
    viaGateway: facts.viaGateway ?? null,
    remote: facts.remote ?? null,
    sipCallId: facts.sipCallId ?? null,
    startedAtMs: facts.startedAtMs,
    postDialDelayMs: facts.postDialDelayMs ?? null,
    endedAtMs: facts.endedAtMs,
    result: facts.result,
    statusCode: facts.statusCode ?? null,
    reasonPhrase: facts.reasonPhrase ?? null,
    q850Cause: facts.q850Cause ?? null,
    reason: recordReason(facts.reason, facts.reasonText),
  };
}

/** @param quality left out: nobody was heard */
export function recordMedia(
  { fromIngress, fromEgress, mediaEngine }: CallFacts,
  quality?: QualityFacts,
): CallRecord["media"] {
  const engine = mediaEngine && {
    name: mediaEngine.name,
    why: mediaEngine.why,
    instance: mediaEngine.instance ?? null,
  };
  if (quality === undefined) return { fromIngress, fromEgress, engine: engine ?? null };
  return {
    fromIngress: { ...fromIngress, quality: quality.fromIngress },
    fromEgress: { ...fromEgress, quality: quality.fromEgress },
    engine: engine ?? null,
    oneWayAudio: quality.oneWayAudio,
  };
}

export function recordReason(reason: Reason | undefined, text: string | undefined): RecordReason | null {
  return reason === undefined ? null : { code: reason.code, text: text ?? reason.text };
}
