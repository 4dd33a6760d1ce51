import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import {
  type CanonicalNumber,
  divIdentity,
  faulty,
  type Judged,
  type StiCertificate,
  shakenIdentity,
  type Verification,
  verStatOf,
} from "@tandem/stir";
import { maximumWaitingCalls, VerificationService } from "./verification-service.ts";

const wallMs = 1_800_000_000_000;
const iat = wallMs / 1000;
const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const other = generateKeyPairSync("ec", { namedCurve: "P-256" });
const signer = { privateKey, certificateUrl: "https://c.example/1.pem" };
const number = (text: string): CanonicalNumber => text as CanonicalNumber;
const call = {
  attestation: "A",
  origid: "123e4567-e89b-12d3-a456-426655440000",
  callingNumber: number("442071838750"),
  calledNumber: number("15550001111"),
  iat,
} as const;
const facts = {
  identities: [shakenIdentity(signer, call)],
  callingNumber: "+442071838750",
  calledNumber: "+15550001111",
};
const certificate: StiCertificate = {
  publicKey,
  tnAuthList: { spc: ["1234"], ranges: [] },
  validFromMs: wallMs - 1000,
  validToMs: wallMs + 1000,
};
const good: Judged<StiCertificate> = { ok: true, value: certificate };

function service(
  get: (url: string, waiter: (certificate: Judged<StiCertificate>) => void) => void,
  clock = new HandClock({ wallMs }),
): VerificationService {
  return new VerificationService({ clock, store: { get }, maximumWaitMs: 1000 });
}

async function verified(
  given: Judged<StiCertificate>,
  identities: readonly string[] = facts.identities,
): Promise<string> {
  const made = service((_url, waiter) => waiter(given));
  const found = made.verify({ ...facts, identities });
  if ("ok" in found) return text(found);
  const verification = await new Promise<Verification>((done) => found.start(done));
  assert.equal(made.waiting, 0);
  return text(verification);
}

function text(verification: Verification): string {
  return `${verStatOf(verification)}${verification.ok ? "" : ` ${verification.fault.name}`}`;
}

test("a PASSporT that holds", async () => {
  assert.equal(await verified(good), "TN-Validation-Passed-A");
});

test("a call that was diverted: both hold, or it fails", async () => {
  const first = shakenIdentity(signer, { ...call, calledNumber: number("15550002222") });
  const div = (key: typeof privateKey): string =>
    divIdentity({ ...signer, privateKey: key }, call, number("15550002222"));
  assert.equal(await verified(good, [first, div(privateKey)]), "TN-Validation-Passed-A-Diverted");
  assert.equal(
    await verified(good, [first, div(other.privateKey)]),
    "TN-Validation-Failed-A signature-wrong",
  );
});

const faults: [what: string, given: Judged<StiCertificate>, result: string][] = [
  [
    "signed with another key",
    { ok: true, value: { ...certificate, publicKey: other.publicKey } },
    "TN-Validation-Failed-A signature-wrong",
  ],
  [
    "whose certificate has ended",
    { ok: true, value: { ...certificate, validToMs: wallMs - 1 } },
    "TN-Validation-Failed-A certificate-refused",
  ],
  [
    "whose certificate speaks for others",
    { ok: true, value: { ...certificate, tnAuthList: { spc: [], ranges: [] } } },
    "TN-Validation-Failed-A certificate-refused",
  ],
  [
    "whose certificate nobody trusts",
    faulty("certificate-refused", ""),
    "TN-Validation-Failed-A certificate-refused",
  ],
  [
    "whose certificate is not there",
    faulty("certificate-unavailable", ""),
    "No-TN-Validation certificate-unavailable",
  ],
];
for (const [what, given, result] of faults) {
  test(`a PASSporT ${what}`, async () => assert.equal(await verified(given), result));
}

test("what the call says itself asks for no certificate", () => {
  const made = service(() => assert.fail("asked"));
  const found = made.verify({ ...facts, callingNumber: "+15559999999" });
  assert.ok("ok" in found);
  assert.equal(text(found), "No-TN-Validation orig-mismatch");
});

test("a call waits as long as it may, and not a millisecond longer; what comes then is nobody's", () => {
  const clock = new HandClock({ wallMs });
  const waiters: ((certificate: Judged<StiCertificate>) => void)[] = [];
  const made = service((_url, waiter) => waiters.push(waiter), clock);
  const told: string[] = [];
  const found = made.verify(facts);
  assert.ok("start" in found);
  found.start((verification) => told.push(text(verification)));
  clock.advance(999);
  assert.deepEqual(told, []);
  clock.advance(1);
  assert.deepEqual(told, ["No-TN-Validation certificate-unavailable"]);
  waiters[0]?.(faulty("certificate-refused", ""));
  assert.equal(told.length, 1);
  assert.deepEqual([made.waiting, clock.pendingTimers], [0, 0]);
});

test("a gateway that is about to close lets no call wait", () => {
  const clock = new HandClock({ wallMs });
  const made = service(() => undefined, clock);
  const told: string[] = [];
  for (let index = 0; index < 2; index++) {
    const found = made.verify(facts);
    assert.ok("start" in found);
    found.start((verification) => told.push(text(verification)));
  }
  made.stopWaiting();
  made.stopWaiting();
  const late = "No-TN-Validation certificate-unavailable";
  assert.deepEqual([told, made.waiting, clock.pendingTimers], [[late, late], 0, 0]);
});

test("as many calls wait as the limit, and one more does not", () => {
  const made = service(() => undefined);
  const begin = (): boolean => {
    const found = made.verify(facts);
    if ("ok" in found) return false;
    found.start(() => undefined);
    return true;
  };
  for (let index = 0; index < maximumWaitingCalls; index++) assert.equal(begin(), true);
  assert.equal(begin(), false);
});
