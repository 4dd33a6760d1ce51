import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { type CallFacts, faulty, type Verification } from "@tandem/stir";
import type { PendingVerification } from "../stir/verification-service.ts";
import {
  type CallParts,
  originationCallOnTrunk,
  stageServices,
  terminationCall,
} from "../testing/call-of.ts";
import { assertPasses, assertRefused } from "../testing/verdicts.ts";
import { identity } from "./identity.ts";
import type { StageServices } from "./stage-services.ts";
import type { Pending, Verdict } from "./verdict.ts";

const headerFields = [["Identity", "token"]] as const;
const passed: Verification = { ok: true, attestation: "B", isDiverted: false };
const wrong: Verification = { ...faulty("signature-wrong", "why"), attestation: "A" };

function services(found: Verification | PendingVerification, seen: CallFacts[] = []): StageServices {
  const verify = (facts: CallFacts): Verification | PendingVerification => {
    seen.push(facts);
    return found;
  };
  return { ...stageServices(), verification: { verify } };
}

function customer(parts: CallParts = {}) {
  const call = terminationCall({ headerFields, ...parts });
  call.callingNumber = "+15550001111";
  call.calledNumber = "+15557654321";
  return call;
}

test("nothing is asked without Identity, without verification, or of an emergency call", () => {
  const fails = services({ start: () => assert.fail() });
  assertPasses(identity(customer({ headerFields: [] }), fails), "no Identity");
  assertPasses(identity(customer(), stageServices()), /no stir\.verification/);
  const emergency = customer();
  emergency.isEmergency = true;
  assertPasses(identity(emergency, fails), /emergency/);
  assertPasses(identity(customer({ isDryRun: true }), fails), /would be verified/);
});

test("a customer's PASSporT that holds is remembered", () => {
  const call = customer();
  assertPasses(identity(call, services(passed)), /attestation B/);
  assert.equal(call.verification, passed);
});

test("a customer's PASSporT that does not hold refuses the call, as RFC 8224 §6.2.2 says", () => {
  const statuses = (
    ["signature-wrong", "certificate-refused", "certificate-unavailable", "stale"] as const
  ).map((name) => {
    const found = { ...faulty(name, "why"), attestation: undefined };
    const { statusCode, reasonPhrase } = assertRefused(
      identity(customer(), services(found)),
      reasons.passportInvalid,
      "why",
    );
    return `${statusCode} ${reasonPhrase}`;
  });
  assert.deepEqual(statuses, [
    "438 Invalid Identity Header",
    "437 Unsupported Credential",
    "436 Bad Identity Info",
    "403 Stale Date",
  ]);
});

test("a customer's PASSporT of another kind is none", () => {
  const call = customer();
  assertPasses(
    identity(call, services({ ...faulty("ppt-unsupported", "rph"), attestation: undefined })),
    "rph",
  );
  assert.equal(call.verification, undefined);
});

test("what a carrier's is worth is told and stops nothing", () => {
  const call = originationCallOnTrunk({ headerFields });
  assertPasses(identity(call, services(wrong)), "TN-Validation-Failed-A: why");
  assert.deepEqual(call.stir, { verStat: "TN-Validation-Failed-A", attestation: null });
  const good = originationCallOnTrunk({ headerFields });
  assertPasses(identity(good, services(passed)), "TN-Validation-Passed-B");
  assert.deepEqual(good.stir, { verStat: "TN-Validation-Passed-B", attestation: "B" });
});

test("it is held against the number that the carrier asserts, though the caller wants to be anonymous", () => {
  const seen: CallFacts[] = [];
  const call = originationCallOnTrunk({
    from: "<sip:anonymous@anonymous.invalid>",
    headerFields: [...headerFields, ["P-Asserted-Identity", "<tel:+44-20-7183-8750>"], ["Privacy", "id"]],
  });
  call.callingNumber = "anonymous";
  identity(call, services(passed, seen));
  assert.deepEqual(seen, [
    { identities: ["token"], callingNumber: "+442071838750", calledNumber: "+15550001111" },
  ]);
});

test("a call waits for its certificate, and is judged then", () => {
  const waiting: ((found: Verification) => void)[] = [];
  const call = customer();
  const verdict = identity(call, services({ start: (done) => waiting.push(done) }));
  assert.equal(verdict.kind, "wait");
  if (verdict.kind !== "wait") return;
  const resumed: (() => Verdict | Pending)[] = [];
  verdict.start((resume) => resumed.push(resume));
  assert.equal(call.verification, undefined);
  waiting[0]?.(wrong);
  const [resume] = resumed;
  assert.ok(resume);
  assertRefused(resume(), reasons.passportInvalid);
});
