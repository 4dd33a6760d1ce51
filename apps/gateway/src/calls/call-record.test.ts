import assert from "node:assert/strict";
import { test } from "node:test";
import { type AttemptFacts, type CallFacts, newFacts } from "@tandem/b2bua";
import { CallRecord, type CallStatus, validator } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import { type CallIdentity, callRecord, statusOf } from "./call-record.ts";

const identity: CallIdentity = {
  direction: "termination",
  accountSid: "AC1",
  trunkSid: "TK1",
  phoneNumberSid: "PN1",
  carrierSid: null,
  gateway: "gateway-1",
  edge: "ashburn-ix",
  namedEdge: "san-jose-ix",
  ingressInterface: "customers",
  ingressConnection: null,
  ingressRemote: "UDP 192.0.2.10:5060",
  callingNumber: "+15550001111",
  calledNumber: "+15557654321",
};

function facts(changes: Partial<CallFacts> = {}): CallFacts {
  return { ...newFacts("CA1", 1000, "call-1"), ...changes };
}

const ended = (statusCode: number | undefined): Partial<CallFacts> => ({ releasedAtMs: 3000, statusCode });

const statuses: readonly (readonly [changes: Partial<CallFacts>, status: CallStatus])[] = [
  [{}, "ringing"],
  [{ answeredAtMs: 2000 }, "in-progress"],
  [{ answeredAtMs: 2000, ...ended(200) }, "completed"],
  [{ answeredAtMs: 2000, ...ended(486) }, "completed"],
  [ended(486), "busy"],
  [ended(600), "busy"],
  [ended(487), "canceled"],
  [ended(408), "no-answer"],
  [ended(480), "no-answer"],
  [ended(403), "failed"],
  [ended(404), "failed"],
  [ended(500), "failed"],
  [ended(503), "failed"],
  [ended(603), "failed"],
  [ended(undefined), "failed"],
];

for (const [changes, status] of statuses) {
  test(`status of ${JSON.stringify(changes)} is ${status}`, () =>
    assert.equal(statusOf(facts(changes)), status));
}

test("a call that was only begun has a record with nothing in it", () => {
  const record = callRecord(identity, facts());
  assert.ok(validator(CallRecord)(record).ok);
  assert.deepEqual(record, {
    ...identity,
    sid: "CA1",
    parentCallSid: null,
    replacedCallSid: null,
    stir: null,
    transferredToCallSid: null,
    ingressSipCallId: "call-1",
    egressSipCallId: null,
    status: "ringing",
    setupAtMs: 1000,
    answeredAtMs: null,
    releasedAtMs: null,
    postDialDelayMs: null,
    releasedBy: null,
    statusCode: null,
    q850Cause: null,
    reason: null,
    attempts: [],
    media: {
      fromIngress: { packets: 0, bytes: 0, lost: 0, jitterMs: 0, events: null, foreignPackets: null },
      fromEgress: { packets: 0, bytes: 0, lost: 0, jitterMs: 0, events: null, foreignPackets: null },
      engine: null,
    },
    adopted: false,
  });
});

test("a call that was up has everything", () => {
  const fromIngress = { packets: 1, bytes: 2, lost: 3, jitterMs: 4, events: 9, foreignPackets: 11 };
  const fromEgress = { packets: 5, bytes: 6, lost: 7, jitterMs: 8, events: 0, foreignPackets: 0 };
  const engine = { name: "rtpengine", why: "SRTP of the caller", instance: "192.0.2.5:2223" } as const;
  const record = callRecord(
    identity,
    facts({
      mediaEngine: engine,
      answeredAtMs: 2000,
      releasedAtMs: 3000,
      postDialDelayMs: 55,
      releasedBy: "callee",
      statusCode: 200,
      q850Cause: 16,
      reason: reasons.mediaInactive,
      egressSipCallId: "call-2",
      carrierSid: "CR1",
      fromIngress,
      fromEgress,
      adopted: true,
    }),
  );
  assert.ok(validator(CallRecord)(record).ok);
  const { answeredAtMs, releasedAtMs, postDialDelayMs, releasedBy, statusCode, q850Cause, reason } = record;
  assert.deepEqual(
    { answeredAtMs, releasedAtMs, postDialDelayMs, releasedBy, statusCode, q850Cause, reason },
    {
      answeredAtMs: 2000,
      releasedAtMs: 3000,
      postDialDelayMs: 55,
      releasedBy: "callee",
      statusCode: 200,
      q850Cause: 16,
      reason: { code: reasons.mediaInactive.code, text: reasons.mediaInactive.text },
    },
  );
  assert.deepEqual([record.egressSipCallId, record.adopted], ["call-2", true]);
  assert.deepEqual(record.media, { fromIngress, fromEgress, engine });
});

test("the carrier is the one that answered, else the one the call came from", () => {
  const from = { ...identity, carrierSid: "CR-ingress" };
  assert.equal(callRecord(from, facts()).carrierSid, "CR-ingress");
  assert.equal(callRecord(from, facts({ carrierSid: "CR-egress" })).carrierSid, "CR-egress");
});

test("a text of the case stands in place of the reason's", () => {
  const changes = { reason: reasons.wrongCredentials, reasonText: "unknown user name" };
  const code = reasons.wrongCredentials.code;
  assert.deepEqual(callRecord(identity, facts(changes)).reason, { code, text: "unknown user name" });
});

const attempt: AttemptFacts = {
  index: 0,
  candidateSid: "CG1",
  carrierSid: undefined,
  url: "sip:203.0.113.7",
  edge: undefined,
  interfaceName: undefined,
  connection: undefined,
  viaGateway: undefined,
  remote: undefined,
  sipCallId: undefined,
  startedAtMs: 1100,
  postDialDelayMs: undefined,
  endedAtMs: 1200,
  result: "skipped",
  statusCode: undefined,
  reasonPhrase: undefined,
  q850Cause: undefined,
  reason: undefined,
  reasonText: undefined,
};

test("an attempt's record, empty and full", () => {
  const full: AttemptFacts = {
    ...attempt,
    index: 1,
    carrierSid: "CR1",
    edge: "ashburn-ix",
    interfaceName: "carriers",
    connection: "TX1",
    viaGateway: "san-jose-1",
    remote: "UDP 203.0.113.7:5060",
    sipCallId: "call-2",
    postDialDelayMs: 40,
    result: "failed",
    statusCode: 503,
    reasonPhrase: "Overloaded",
    q850Cause: 42,
    reason: reasons.carrierAttemptFailed,
    reasonText: "503 Overloaded",
  };
  const record = callRecord(identity, facts({ attempts: [attempt, full] }));
  assert.ok(validator(CallRecord)(record).ok);
  assert.deepEqual(record.attempts, [
    {
      index: 0,
      candidateSid: "CG1",
      carrierSid: null,
      url: "sip:203.0.113.7",
      edge: null,
      interface: null,
      connection: null,
      viaGateway: null,
      remote: null,
      sipCallId: null,
      startedAtMs: 1100,
      postDialDelayMs: null,
      endedAtMs: 1200,
      result: "skipped",
      statusCode: null,
      reasonPhrase: null,
      q850Cause: null,
      reason: null,
    },
    {
      index: 1,
      candidateSid: "CG1",
      carrierSid: "CR1",
      url: "sip:203.0.113.7",
      edge: "ashburn-ix",
      interface: "carriers",
      connection: "TX1",
      viaGateway: "san-jose-1",
      remote: "UDP 203.0.113.7:5060",
      sipCallId: "call-2",
      startedAtMs: 1100,
      postDialDelayMs: 40,
      endedAtMs: 1200,
      result: "failed",
      statusCode: 503,
      reasonPhrase: "Overloaded",
      q850Cause: 42,
      reason: { code: reasons.carrierAttemptFailed.code, text: "503 Overloaded" },
    },
  ]);
});
