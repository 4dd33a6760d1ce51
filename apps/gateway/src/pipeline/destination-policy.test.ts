import assert from "node:assert/strict";
import { test } from "node:test";
import type { SnapshotAccount, SnapshotDestinations } from "@tandem/contracts";
import { type Reason, reasons } from "@tandem/reasons";
import { flow } from "@tandem/sip/testing";
import { terminationCall } from "../testing/call-of.ts";
import { assertPasses, assertRefused } from "../testing/verdicts.ts";
import type { ReferTarget } from "../transfer/refer-target.ts";
import type { CallContext } from "./call-context.ts";
import { destinationPolicy } from "./destination-policy.ts";
import type { Verdict } from "./verdict.ts";

const destinations: SnapshotDestinations = {
  lowRiskPrefixes: ["+44909"],
  highRiskSpecialPrefixes: ["+1900", "+449"],
  highRiskTollFraudPrefixes: ["+881"],
  blockedPrefixes: ["+1555765432"],
  doNotOriginatePrefixes: ["+18005550100"],
};
const account: SnapshotAccount = {
  sid: "AC1",
  status: "active",
  compatibility: "tandem",
  dialingPermissions: { default: "protected", countries: { CU: 0, GB: 3, FR: 2, XS: 4 } },
};

function callTo(
  calledNumber: string,
  changes: Partial<SnapshotAccount> = {},
  callingNumber = "+15550001111",
) {
  const call = terminationCall({ snapshot: { destinations, accounts: [{ ...account, ...changes }] } });
  call.calledNumber = calledNumber;
  call.callingNumber = callingNumber;
  return call;
}

const verdictOn = (called: string, changes?: Partial<SnapshotAccount>, calling?: string): Verdict =>
  destinationPolicy(callTo(called, changes, calling));

const rows: [number: string, refusal: Reason | undefined, text: string][] = [
  ["+12125550123", undefined, "the account may call low-risk numbers of US"],
  ["+81312345678", undefined, "the account may call low-risk numbers of JP"],
  [
    "+19005550123",
    reasons.destinationNotPermitted,
    "the account may not call high-risk special numbers of US (+1900)",
  ],
  ["+449012345678", undefined, "the account may call high-risk special numbers of GB (+449)"],
  ["+449091234567", undefined, "the account may call low-risk numbers of GB (+44909)"],
  ["+5372041234", reasons.destinationNotPermitted, "the account may not call low-risk numbers of CU"],
  ["+33123456789", reasons.destinationNotPermitted, "the account may not call low-risk numbers of FR"],
  ["+881612345678", undefined, "the account may call high-risk toll-fraud numbers of XS (+881)"],
  ["+870773123456", reasons.destinationNotPermitted, "the account may not call low-risk numbers of XS"],
  ["+2101234567", reasons.destinationNotPermitted, "no country has the calling code of +2101234567"],
  // One digit of the prefix more and less.
  [
    "+15557654321",
    reasons.numberBlocked,
    "+15557654321 begins with +1555765432, which the exchange has blocked",
  ],
  ["+15557654221", undefined, "the account may call low-risk numbers of US"],
];

for (const [number, refusal, text] of rows) {
  test(`${number}: ${text}`, () => {
    const verdict = verdictOn(number);
    if (refusal === undefined) assertPasses(verdict, text);
    else assertRefused(verdict, refusal, text);
  });
}

test("an account that is open may call everything but what it has switched off", () => {
  const open = { dialingPermissions: { default: "open", countries: { CU: 6 } } } as const;
  assertPasses(verdictOn("+19005550123", open));
  assertPasses(verdictOn("+881612345678", open));
  assertPasses(verdictOn("+2101234567", open));
  assertRefused(verdictOn("+5372041234", open), reasons.destinationNotPermitted);
});

test("an account of a snapshot that has no permissions may call everything, but for lists", () => {
  const old = terminationCall();
  old.calledNumber = "+881612345678";
  assertPasses(destinationPolicy(old), "the account has no dialing permissions");
});

test("a list of the account, and of its parent when it inherits", () => {
  assertRefused(
    verdictOn("+442079460000", { blockedPrefixes: ["+44207"] }),
    reasons.numberBlocked,
    "+442079460000 begins with +44207, which the account has blocked",
  );
  const parent = { ...account, sid: "AC0", blockedPrefixes: ["+81"] };
  const { dialingPermissions: _own, ...child } = { ...account, inheritsFrom: "AC0" };
  const call = terminationCall({ snapshot: { destinations, accounts: [parent, child] } });
  call.calledNumber = "+81312345678";
  assertRefused(destinationPolicy(call), reasons.numberBlocked);
  call.calledNumber = "+5372041234";
  assertRefused(destinationPolicy(call), reasons.destinationNotPermitted);
});

test("a calling number that is not to be shown, of the exchange and of the account", () => {
  assertRefused(
    verdictOn("+442079460000", {}, "+18005550100"),
    reasons.invalidCallerId,
    "+18005550100 begins with +18005550100, which the exchange does not originate",
  );
  assertPasses(verdictOn("+442079460000", {}, "+18005550101"));
  const own = { doNotOriginatePrefixes: ["+1555000"] };
  assertRefused(verdictOn("+442079460000", own), reasons.invalidCallerId);
});

test("an emergency call passes, whatever stands on lists", () => {
  const call = callTo("911", {
    blockedPrefixes: ["911", "+"],
    dialingPermissions: { default: "protected", countries: { US: 0 } },
  });
  call.isEmergency = true;
  assertPasses(destinationPolicy(call), "an emergency call may always be placed");
});

function transferTo(call: CallContext, target: ReferTarget, hasBothCalls = false): CallContext {
  call.transfer = {
    target,
    isCustomers: true,
    flow: flow("UDP"),
    transfereeNumber: "+15550000001",
    transferorNumber: "+15550000002",
    hasBothCalls,
    hasFixedMedia: false,
  };
  return call;
}

test("a transfer to a number is asked the same, but for the number it shows", () => {
  const target = { kind: "number", dialled: "+19005550123", replaces: undefined } as const;
  assertRefused(
    destinationPolicy(transferTo(callTo("+19005550123"), target)),
    reasons.destinationNotPermitted,
  );
  assertPasses(destinationPolicy(transferTo(callTo("+12125550123", {}, "+18005550100"), target)));
});

test("a transfer to a SIP URI, or to a call that is there, leads to no number", () => {
  const uri = { kind: "uri", url: "sip:x@192.0.2.1", replaces: undefined } as ReferTarget;
  const target = { kind: "number", dialled: "", replaces: undefined } as const;
  assertPasses(destinationPolicy(transferTo(callTo("+19005550123"), uri)), "not to the telephone network");
  assertPasses(destinationPolicy(transferTo(callTo("+19005550123"), target, true)));
});

test("a stage before the account is known is a bug", () => {
  const call = callTo("+12125550123");
  call.account = undefined;
  assert.throws(() => destinationPolicy(call), /before the account was known/);
});
