import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { originationCall, terminationCall } from "../testing/call-of.ts";
import { trunkHost } from "../testing/example-snapshot.ts";
import { assertPasses, assertRefused } from "../testing/verdicts.ts";
import { numberTranslation } from "./number-translation.ts";

const calling = { termination: terminationCall, origination: originationCall };

const table: readonly (readonly [
  direction: keyof typeof calling,
  user: string,
  called: string | RegExp,
  isEmergency?: boolean,
])[] = [
  ["termination", "+15557654321@", "+15557654321"],
  ["termination", "%2B15557654321@", "+15557654321"],
  ["termination", "+15557654321;npdi;rn=+15550000000@", "+15557654321"],
  ["termination", "15557654321@", /^15557654321 is not E\.164 with a leading plus$/],
  ["termination", "alice@", /alice is not E\.164/],
  ["termination", "", /no user part/],
  ["termination", "911@", "911", true],
  ["termination", "112@", "112", true],
  ["termination", "912@", /912 is not E\.164/],
  ["origination", "+15557654321@", "+15557654321"],
  ["origination", "15557654321@", "+15557654321"],
  ["origination", "05557654321@", /05557654321 is not E\.164/],
  ["termination", "0199;phone-context=+31@", /^0199 is a local number of the phone-context \+31$/],
  ["termination", "5550199;phone-context=pbx.example.com@", /^5550199 is a local number/],
  ["termination", "+15557654321;phone-context=+1@", "+15557654321"],
  ["termination", "112;phone-context=+44@", "112", true],
  ["origination", "5557654321;phone-context=+1@", /^5557654321 is a local number of the phone-context \+1$/],
  ["origination", "205550199;phone-context=%2B31@", /phone-context \+31$/],
  ["origination", "911@", /911 is not E\.164/],
  ["origination", "", /no user part/],
];

for (const [direction, user, called, isEmergency = false] of table) {
  test(`called number of ${direction} to ${user === "" ? "no user" : user}`, () => {
    const call = calling[direction]({ requestUri: `sip:${user}${trunkHost}` });
    const verdict = numberTranslation(call);
    if (typeof called !== "string") {
      const { reason } = assertRefused(verdict, reasons.invalidPhoneNumber, called);
      assert.equal(reason.statusCode, 400);
      return;
    }
    assertPasses(verdict);
    assert.equal(call.calledNumber, called);
    assert.equal(call.isEmergency, isEmergency);
  });
}

test("a Request-URI that could not be read has no number", () => {
  const call = originationCall({ requestUri: "tel:+15557654321" });
  assertRefused(numberTranslation(call), reasons.invalidPhoneNumber, "the Request-URI has no user part");
});
