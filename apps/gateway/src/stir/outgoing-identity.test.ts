import assert from "node:assert/strict";
import { test } from "node:test";
import { copyPassing } from "@tandem/b2bua";
import type { CarrierIdentity } from "@tandem/contracts";
import { HeaderFields } from "@tandem/sip/message";
import type { CallContext } from "../pipeline/call-context.ts";
import { callerIdentity } from "../pipeline/caller-identity.ts";
import { terminationCall } from "../testing/call-of.ts";
import { exampleCarrier } from "../testing/example-snapshot.ts";
import { describeIdentity, sayIdentity } from "./outgoing-identity.ts";

const signs = { sign: () => ["ours"] };

interface Wishes {
  readonly identity?: CarrierIdentity;
  readonly isVerified?: boolean;
  readonly isEmergency?: boolean;
  readonly hasKey?: boolean;
}

function scene(wishes: Wishes): {
  readonly call: CallContext;
  readonly carrier: ReturnType<typeof exampleCarrier>;
} {
  const call = terminationCall({ headerFields: [["Identity", "theirs"]] });
  callerIdentity(call);
  call.calledNumber = wishes.isEmergency === true ? "911" : "+15557654321";
  call.isEmergency = wishes.isEmergency === true;
  if (wishes.isVerified === true) call.verification = { ok: true, attestation: "B", isDiverted: false };
  const { identity } = wishes;
  return { call, carrier: exampleCarrier(identity === undefined ? {} : { identity }) };
}

const table: [
  what: string,
  wishes: Wishes,
  values: readonly string[],
  recorded: string | null,
  explained: RegExp,
][] = [
  ["that says nothing", {}, ["theirs"], null, /^$/],
  ["that wants it as it comes", { identity: "pass" }, ["theirs"], null, /^$/],
  [
    "that wants it as it comes, verified",
    { identity: "pass", isVerified: true },
    ["theirs"],
    "B",
    /customer's PASSporT/,
  ],
  ["that wants none", { identity: "none", isVerified: true }, [], null, /without Identity/],
  [
    "that wants it signed",
    { identity: "sign" },
    ["ours"],
    "A",
    /signed with attestation A: \+15550001111 is a number/,
  ],
  [
    "that wants it signed, where the customer's holds",
    { identity: "sign", isVerified: true },
    ["theirs"],
    "B",
    /attestation B/,
  ],
  ["that wants it signed, without a key", { identity: "sign", hasKey: false }, [], null, /no stir\.signing/],
  ["that wants it signed, for help", { identity: "sign", isEmergency: true }, ["theirs"], null, /for help/],
];
for (const [what, wishes, values, recorded, explained] of table) {
  test(`Identity to a carrier ${what}`, () => {
    const { call, carrier } = scene(wishes);
    const authentication = wishes.hasKey === false ? undefined : signs;
    assert.match(describeIdentity(call, carrier, authentication), explained);
    assert.equal(call.stir.attestation, null, "to explain is to do nothing");
    const headerFields = new HeaderFields();
    copyPassing(call.request, headerFields);
    sayIdentity(headerFields, call, carrier, authentication);
    assert.deepEqual(headerFields.values("Identity"), values);
    assert.equal(call.stir.attestation, recorded);
  });
}
