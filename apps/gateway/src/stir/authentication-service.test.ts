import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { type CallFacts, type CanonicalNumber, chooseChain, whetherSignatureHolds } from "@tandem/stir";
import type { CallAttestation } from "./attestation.ts";
import { AuthenticationService } from "./authentication-service.ts";

const wallMs = 1_800_000_000_900;
const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pem = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
const configuration = {
  certificateUrl: "https://c.example/1234.pem",
  certificateFile: "",
  privateKeyFile: "",
};
const call = { accountSid: "AC1", callingNumber: "+15550001111", calledNumber: "+15557654321" };
const signedC: CallAttestation = {
  attestation: "C",
  isKept: false,
  divertedBy: "15550002222" as CanonicalNumber,
  why: "",
};

function service(): AuthenticationService {
  const made = new AuthenticationService(new HandClock({ wallMs }), configuration);
  made.setPrivateKey(pem);
  return made;
}

async function judged(identities: readonly string[]): Promise<string> {
  const { callingNumber, calledNumber } = call;
  const facts: CallFacts = { identities, callingNumber, calledNumber };
  const chain = chooseChain(facts, wallMs);
  if (!chain.ok) return chain.fault.text;
  const { attestation, isDiverted, passports } = chain.value;
  for (const { passport } of passports) {
    assert.equal(passport.claims.iat, 1_800_000_000);
    const holds = await new Promise((resolve) => whetherSignatureHolds(passport, publicKey, resolve));
    assert.equal(holds, true);
  }
  return `${attestation} ${isDiverted ? "diverted" : "direct"}`;
}

test("what is signed is what a verification service takes", async () => {
  const direct = service().sign(call, { ...signedC, attestation: "A", divertedBy: undefined });
  assert.equal(direct.length, 1);
  assert.equal(await judged(direct), "A direct");
});

test("a call that was diverted has two: for whom it was, and who sent it on", async () => {
  const values = service().sign(call, signedC);
  assert.equal(values.length, 2);
  assert.equal(await judged(values), "C diverted");
});

test("nothing without a key, or for a number that is not E.164", () => {
  const says = { ...signedC, divertedBy: undefined };
  assert.deepEqual(new AuthenticationService(new HandClock(), configuration).sign(call, says), []);
  for (const changes of [{ callingNumber: "anonymous" }, { calledNumber: "911" }]) {
    assert.deepEqual(service().sign({ ...call, ...changes }, says), []);
  }
});

test("an account has one origid, another account another", () => {
  const origid = (accountSid: string): unknown => {
    const [value = ""] = service().sign({ ...call, accountSid }, signedC);
    return JSON.parse(Buffer.from(value.split(".")[1] ?? "", "base64url").toString())["origid"];
  };
  assert.equal(origid("AC1"), origid("AC1"));
  assert.notEqual(origid("AC1"), origid("AC2"));
});
