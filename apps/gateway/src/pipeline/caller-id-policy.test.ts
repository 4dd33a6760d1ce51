import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallerIdPolicy, SnapshotAccount } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import { type CallParts, terminationCall } from "../testing/call-of.ts";
import { exampleTrunk } from "../testing/example-snapshot.ts";
import { assertPasses, assertRefused } from "../testing/verdicts.ts";
import { callerIdPolicy } from "./caller-id-policy.ts";
import type { Verdict } from "./verdict.ts";

const own = "+15550001111";
const verified = "+442079460000";
const ofOtherAccount = "+15550003333";
const verifiedForOther = "+442079460099";
const foreign = "+33123456789";

const accounts: SnapshotAccount[] = [
  {
    sid: "AC1",
    status: "active",
    compatibility: "tandem",
    parentSid: "AC2",
    verifiedCallerIds: [verified],
  },
  { sid: "AC2", status: "active", compatibility: "tandem", verifiedCallerIds: [verifiedForOther] },
];

function shown(
  number: string,
  policy: CallerIdPolicy | undefined,
  headerFields: CallParts["headerFields"] = [],
  isEmergency = false,
): Verdict {
  const trunk = exampleTrunk(policy === undefined ? {} : { callerIdPolicy: policy });
  const call = terminationCall({ headerFields, snapshot: { accounts, trunks: [trunk] } });
  call.callingNumber = number;
  call.isEmergency = isEmergency;
  return callerIdPolicy(call);
}

const diversion = (...numbers: string[]): [string, string] => [
  "Diversion",
  numbers.map((number) => `<sip:${number}@pbx.example>;reason=unconditional`).join(", "),
];
const history = (...numbers: string[]): [string, string] => [
  "History-Info",
  numbers.map((number, index) => `<sip:${number}@pbx.example>;index=1${".1".repeat(index)}`).join(", "),
];
const called = "+15557654321";
const mayShow = (number: string) => `${number} is a number or a verified caller ID of the account`;
const sentOn = (number: string) => `${number} of the account sent the call on`;

const passes: readonly (readonly [what: string, text: string, verdict: () => Verdict])[] = [
  ["any number where nothing is said", "the trunk may show any number", () => shown(foreign, undefined)],
  ["any number with any", "the trunk may show any number", () => shown(foreign, "any")],
  ["a number of the account", mayShow(own), () => shown(own, "account")],
  ["a verified caller ID", mayShow(verified), () => shown(verified, "account")],
  ["a number of the account, not diverted", mayShow(own), () => shown(own, "account-or-diverted")],
  [
    "any number in an emergency",
    "an emergency call may show any number",
    () => shown(foreign, "account", [], true),
  ],
  [
    "a caller whose call a number of the account sent on",
    sentOn(own),
    () => shown(foreign, "account-or-diverted", [diversion(own)]),
  ],
  [
    "a caller whose call a verified caller ID sent on",
    sentOn(verified),
    () => shown(foreign, "account-or-diverted", [diversion(verified)]),
  ],
  [
    "one whose call went on inside the customer's network first",
    sentOn(own),
    () => shown(foreign, "account-or-diverted", [diversion("200"), diversion(foreign, own)]),
  ],
  [
    "a tel URI of Diversion",
    sentOn(own),
    () => shown(foreign, "account-or-diverted", [["Diversion", "<tel:+1-555-000-1111>"]]),
  ],
  ["History-Info", sentOn(own), () => shown(foreign, "account-or-diverted", [history(own, called)])],
];

for (const [what, text, verdict] of passes) {
  test(`a trunk may show ${what}`, () => assertPasses(verdict(), text));
}

const neither = (number: string) => `${number} is neither a number of the account nor a verified caller ID`;
const notDiverted = `${neither(foreign)}, and none of those sent the call on`;

const refusals: readonly (readonly [what: string, text: string, verdict: () => Verdict])[] = [
  ["a number of nobody here", neither(foreign), () => shown(foreign, "account")],
  ["a number of another account", neither(ofOtherAccount), () => shown(ofOtherAccount, "account")],
  ["a verified caller ID of its parent", neither(verifiedForOther), () => shown(verifiedForOther, "account")],
  [
    "a caller whose call was sent on, with account",
    neither(foreign),
    () => shown(foreign, "account", [diversion(own)]),
  ],
  ["somebody who was not diverted", notDiverted, () => shown(foreign, "account-or-diverted")],
  [
    "whom a number of another account sent on",
    notDiverted,
    () => shown(foreign, "account-or-diverted", [diversion(ofOtherAccount)]),
  ],
  [
    "a caller of a number of the account, which is no diversion",
    notDiverted,
    () => shown(foreign, "account-or-diverted", [history(own)]),
  ],
  [
    "whom a Diversion sent on that can't be read",
    notDiverted,
    () => shown(foreign, "account-or-diverted", [["Diversion", "<sip:+1555"]]),
  ],
  [
    "whom a number without a plus sent on",
    notDiverted,
    () => shown(foreign, "account-or-diverted", [diversion("15550001111")]),
  ],
];

for (const [what, text, verdict] of refusals) {
  test(`a trunk may not show ${what}`, () => {
    const refusal = assertRefused(verdict(), reasons.callerIdUnauthorized);
    assert.equal(refusal.text, text);
    assert.deepEqual(
      [refusal.reason.statusCode, refusal.reason.reasonPhrase],
      [403, "Caller ID is unauthorized"],
    );
  });
}

test("the stricter of the trunk's policy and the account's holds", () => {
  const strictest = (ofTrunk: CallerIdPolicy, ofAccount: CallerIdPolicy): string => {
    const call = terminationCall({
      headerFields: [diversion(own)],
      snapshot: {
        accounts: accounts.map((account) => ({ ...account, callerIdPolicy: ofAccount })),
        trunks: [exampleTrunk({ callerIdPolicy: ofTrunk })],
      },
    });
    call.callingNumber = foreign;
    return callerIdPolicy(call).text;
  };
  assert.equal(strictest("any", "any"), "the trunk may show any number");
  assert.equal(strictest("any", "account-or-diverted"), sentOn(own));
  assert.equal(strictest("account-or-diverted", "any"), sentOn(own));
  for (const other of ["any", "account-or-diverted", "account"] as const) {
    assert.equal(strictest("account", other), neither(foreign));
    assert.equal(strictest(other, "account"), neither(foreign));
  }
});
