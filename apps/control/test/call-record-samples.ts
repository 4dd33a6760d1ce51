import type { Alert, AttemptRecord, CallRecord, LegRecord } from "@tandem/contracts";
import { createSid } from "@tandem/database";

export function attemptRecord(fields: Partial<AttemptRecord>): AttemptRecord {
  return {
    index: 0,
    candidateSid: createSid("KG"),
    carrierSid: createSid("KR"),
    url: "sip:192.0.2.7",
    edge: "ashburn",
    interface: "carriers",
    connection: null,
    remote: "UDP 192.0.2.7:5060",
    sipCallId: "egress@192.0.2.1",
    startedAtMs: 1100,
    postDialDelayMs: null,
    endedAtMs: 1200,
    result: "failed",
    statusCode: 503,
    reasonPhrase: "Service Unavailable",
    q850Cause: null,
    reason: null,
    ...fields,
  };
}

/** A termination call that was answered at the second attempt. */
export function callRecord(fields: Partial<CallRecord> = {}): CallRecord {
  const silence = { packets: 0, bytes: 0, lost: 0, jitterMs: 0 };
  return {
    sid: createSid("CA"),
    direction: "termination",
    accountSid: createSid("AC"),
    trunkSid: createSid("TK"),
    phoneNumberSid: null,
    carrierSid: createSid("KR"),
    gateway: "gw-1",
    edge: "ashburn",
    namedEdge: null,
    ingressInterface: "customers",
    ingressConnection: null,
    ingressRemote: "UDP 198.51.100.4:5060",
    ingressSipCallId: `${createSid("")}@198.51.100.4`,
    egressSipCallId: "egress@192.0.2.1",
    callingNumber: "+14155550100",
    calledNumber: "+442079460000",
    status: "completed",
    setupAtMs: 1000,
    answeredAtMs: 2000,
    releasedAtMs: 3000,
    postDialDelayMs: 200,
    releasedBy: "caller",
    statusCode: 200,
    q850Cause: 16,
    reason: null,
    attempts: [
      attemptRecord({}),
      attemptRecord({ index: 1, result: "answered", statusCode: 200, reasonPhrase: "OK" }),
    ],
    media: { fromIngress: silence, fromEgress: silence },
    stir: { verStat: "TN-Validation-Passed-B", attestation: "B" },
    adopted: false,
    ...fields,
  };
}

export function alert(fields: Partial<Alert> = {}): Alert {
  return {
    sid: createSid("NO"),
    accountSid: createSid("AC"),
    trunkSid: createSid("TK"),
    callSid: createSid("CA"),
    code: 32011,
    level: "warning",
    text: "sip:192.0.2.7 answered 503 Service Unavailable",
    atMs: 1000,
    ...fields,
  };
}

/** What the sister gateway gw-2 did for a call that entered at gw-1. */
export function legRecord(fields: Partial<LegRecord> = {}): LegRecord {
  const silence = { packets: 0, bytes: 0, lost: 0, jitterMs: 0 };
  return {
    callSid: createSid("CA"),
    attemptIndex: 1,
    gateway: "gw-2",
    edge: "london-ix",
    entryGateway: "gw-1",
    candidateSid: createSid("KG"),
    interface: "carriers",
    connection: null,
    remote: "UDP 192.0.2.9:5060",
    backboneSipCallId: "backbone@192.0.2.1",
    egressSipCallId: "leg@192.0.2.2",
    setupAtMs: 1000,
    answeredAtMs: 2000,
    releasedAtMs: 3000,
    statusCode: 200,
    q850Cause: 16,
    reason: null,
    media: { fromIngress: silence, fromEgress: silence },
    adopted: false,
    ...fields,
  };
}
