import assert from "node:assert/strict";
import { test } from "node:test";
import type { SnapshotAccount } from "@tandem/contracts";
import { terminationCall } from "../testing/call-of.ts";
import { mayDivert } from "./diversion-policy.ts";

const accounts: SnapshotAccount[] = [
  { sid: "AC1", status: "active", compatibility: "tandem", verifiedCallerIds: ["+442079460001"] },
];

const table: readonly (readonly [rule: string, value: string, may: boolean])[] = [
  ["a domain of the customer's own", "<sip:+15559999999@pbx.example>;reason=unconditional", true],
  ["our domain with a number of the account", "<sip:+15550001111@tandem.test>", true],
  ["our domain with a verified caller ID", "<sip:+442079460001@tandem.test>", true],
  ["our domain with a number of another account", "<sip:+15550003333@tandem.test>", false],
  ["our domain with a number of nobody here", "<sip:+15559999999@tandem.test>", false],
  ["a name below our domain, in capitals", "<sip:+15559999999@ACME.pstn.Tandem.test>", false],
  [
    "a name below our domain with a number of the account",
    "<sip:+15550001111;x=y@acme.pstn.tandem.test>",
    true,
  ],
  ["our domain without a number", "<sip:tandem.test>", false],
  ["a domain that only ends like ours", "<sip:+15559999999@nottandem.test>", true],
  ["a tel URI claims no domain", "<tel:+15559999999>", true],
  ["what can't be read", "<sip:+1555", false],
];

for (const [rule, value, may] of table) {
  test(`Diversion of a customer: ${rule}`, () =>
    assert.equal(mayDivert(terminationCall({ snapshot: { accounts } }), value), may));
}
