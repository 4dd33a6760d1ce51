import assert from "node:assert/strict";
import { test } from "node:test";
import type { SnapshotAccount } from "@tandem/contracts";
import type { CallContext } from "../pipeline/call-context.ts";
import { callerIdentity } from "../pipeline/caller-identity.ts";
import { originationCallOnTrunk, terminationCall } from "../testing/call-of.ts";
import { attestationOf, attestationText } from "./attestation.ts";

const accounts: SnapshotAccount[] = [
  { sid: "AC1", status: "active", compatibility: "tandem", verifiedCallerIds: ["+442079460001"] },
];

function calledBy(number: string, headerFields: readonly (readonly [string, string])[] = []): CallContext {
  const call = terminationCall({
    from: `<sip:${number}@acme.example>`,
    headerFields,
    snapshot: { accounts },
  });
  callerIdentity(call);
  call.calledNumber = "+15557654321";
  return call;
}

function told(call: CallContext): string {
  const says = attestationOf(call);
  return says === undefined ? "nothing" : `${attestationText(says)} ${says.divertedBy ?? "-"}`;
}

const own = "+15550001111";
const verified = "+442079460001";
const foreign = "+442079460000";
const ofOtherAccount = "+15550003333";
const ownDiversion = ["Diversion", "<sip:+15550002222@acme.example>;reason=unconditional"] as const;

const table: [what: string, call: () => CallContext, told: string][] = [
  ["a number of the account", () => calledBy(own), "A -"],
  ["a verified caller ID of the account", () => calledBy(verified), "A -"],
  [
    "passed on by a verified caller ID",
    () => calledBy(foreign, [["Diversion", `<sip:${verified}@acme.example>`]]),
    "C 442079460001",
  ],
  ["a number of another account", () => calledBy(ofOtherAccount), "B -"],
  ["a number of nobody here", () => calledBy(foreign), "B -"],
  ["passed on by a number of the account", () => calledBy(foreign, [ownDiversion]), "C 15550002222"],
  [
    "passed on by a number of somebody else",
    () => calledBy(foreign, [["Diversion", "<sip:+15550003333@acme.example>"]]),
    "C -",
  ],
  ["passed on, the Diversion can't be read", () => calledBy(foreign, [["Diversion", "<"]]), "C -"],
  [
    "passed on twice: the latest stands first",
    () => calledBy(foreign, [["Diversion", `<sip:+15550001111@a>, ${ownDiversion[1]}`]]),
    "C 15550001111",
  ],
  [
    "passed on, as History-Info says",
    () => calledBy(foreign, [["History-Info", "<sip:a@b>;index=1, <sip:c@d>;index=1.1"]]),
    "C -",
  ],
  [
    "History-Info of the call itself",
    () => calledBy(foreign, [["History-Info", "<sip:a@b>;index=1"]]),
    "B -",
  ],
  ["an own number, though diverted", () => calledBy(own, [ownDiversion]), "A -"],
];
for (const [what, call, expected] of table) {
  test(`attestation of a call with ${what}`, () => assert.equal(told(call()), expected));
}

test("nothing is said of an emergency call, of a call from a carrier, nor for numbers that are not E.164", () => {
  const emergency = calledBy(own);
  emergency.isEmergency = true;
  assert.equal(told(emergency), "nothing");
  assert.equal(told(originationCallOnTrunk()), "nothing");
  const short = calledBy(own);
  short.calledNumber = "933";
  assert.equal(told(short), "nothing");
});

test("a PASSporT of the customer's that holds stays", () => {
  const call = calledBy(foreign);
  call.verification = { ok: true, attestation: "B", isDiverted: false };
  assert.equal(told(call), "kept-B -");
});

test("a sister takes the word of the gateway where the call entered, and nothing that is none", () => {
  const asked = (identity: string, number = foreign): string => {
    const call = calledBy(number, [ownDiversion]);
    call.backboneRequest = { identity } as CallContext["backboneRequest"];
    return told(call);
  };
  assert.equal(asked("A"), "A -");
  assert.equal(asked("C"), "C 15550002222");
  assert.equal(asked("kept-C"), "kept-C -");
  assert.equal(asked("D"), "nothing");
  // Of the version before: what can be seen here.
  assert.equal(asked("", own), "A -");
});

test("a transfer passes on a call, unless the number that calls is the account's", () => {
  const call = calledBy(foreign);
  call.transfer = {} as CallContext["transfer"];
  assert.equal(told(call), "C -");
  call.callingNumber = own;
  assert.equal(told(call), "A -");
});
