import assert from "node:assert/strict";
import { test } from "node:test";
import { faulty, responseTo, type StirFaultName } from "./stir-fault.ts";
import { type Verification, verStatOf } from "./ver-stat.ts";

function failed(name: StirFaultName, attestation: "A" | "B" | "C" | undefined): Verification {
  return { ...faulty(name, ""), attestation };
}

const table: [verification: Verification, verStat: string][] = [
  [{ ok: true, attestation: "A", isDiverted: false }, "TN-Validation-Passed-A"],
  [{ ok: true, attestation: "C", isDiverted: true }, "TN-Validation-Passed-C-Diverted"],
  [failed("signature-wrong", "B"), "TN-Validation-Failed-B"],
  [failed("certificate-refused", undefined), "TN-Validation-Failed"],
  [failed("stale", "A"), "No-TN-Validation"],
  [failed("orig-mismatch", "A"), "No-TN-Validation"],
  [failed("certificate-unavailable", "A"), "No-TN-Validation"],
];
for (const [verification, verStat] of table) {
  test(`${verification.ok ? "passed" : verification.fault.name} is ${verStat}`, () =>
    assert.equal(verStatOf(verification), verStat));
}

const responses: [name: StirFaultName, response: string][] = [
  ["stale", "403 Stale Date"],
  ["no-identity", "428 Use Identity Header"],
  ["certificate-unavailable", "436 Bad Identity Info"],
  ["certificate-refused", "437 Unsupported Credential"],
  ["algorithm-unsupported", "437 Unsupported Credential"],
  ["malformed", "438 Invalid Identity Header"],
  ["signature-wrong", "438 Invalid Identity Header"],
  ["dest-mismatch", "438 Invalid Identity Header"],
];
for (const [name, response] of responses) {
  test(`${name} is answered with ${response} (RFC 8224 §6.2.2)`, () => {
    const { statusCode, reasonPhrase } = responseTo({ name, text: "" });
    assert.equal(`${statusCode} ${reasonPhrase}`, response);
  });
}
