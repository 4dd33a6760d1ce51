import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { HeaderRule, NumberAction } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import { maximumRewrittenCharacters } from "../header-policy/apply-rules.ts";
import { originationCall, terminationCall } from "../testing/call-of.ts";
import { exampleTrunk, trunkHost } from "../testing/example-snapshot.ts";
import { assertPasses, assertRefused } from "../testing/verdicts.ts";
import type { CallContext } from "./call-context.ts";
import { callerIdentity } from "./caller-identity.ts";
import { headerPolicy } from "./header-policy.ts";
import { numberTranslation } from "./number-translation.ts";

const always = (...actions: NumberAction[]): HeaderRule => ({ match: "all", conditions: [], actions });
/** `00` in front of an international number, `0` in front of a national one. */
const dialPlan: readonly HeaderRule[] = [
  {
    match: "all",
    conditions: [{ header: "request-uri", part: "user", operator: "starts-with", value: "00" }],
    actions: [
      { target: "to", operation: "remove-leading", count: 2 },
      { target: "to", operation: "add-prefix", value: "+" },
    ],
  },
  {
    match: "all",
    conditions: [
      { header: "request-uri", part: "user", operator: "starts-with", value: "0" },
      { header: "request-uri", part: "user", operator: "not-starts-with", value: "00" },
    ],
    actions: [
      { target: "to", operation: "remove-prefix", value: "0" },
      { target: "to", operation: "add-prefix", value: "+44" },
    ],
  },
];

function termination(
  user: string,
  rules: readonly HeaderRule[],
  from = "<sip:+15550001111@a.example>",
): CallContext {
  const headerRules = { termination: [...rules] };
  return terminationCall({
    requestUri: `sip:${user}@${trunkHost}`,
    from,
    snapshot: { trunks: [exampleTrunk({ headerRules })] },
  });
}

function origination(rules: readonly HeaderRule[]): CallContext {
  const trunk = exampleTrunk({ headerRules: { origination: [...rules] } });
  const call = originationCall({ snapshot: { trunks: [trunk] } });
  call.trunk = trunk;
  call.calledNumber = "+15550001111";
  call.callingNumber = "+442071838750";
  return call;
}

describe("of the numbers that a customer writes", () => {
  for (const [user, called] of [
    ["00442079460000", "+442079460000"],
    ["02079460000", "+442079460000"],
    ["+442079460000", "+442079460000"],
    ["%30%30442079460000;phone-context=pbx", "+442079460000"],
  ] as const) {
    test(`${user} becomes ${called}`, () => {
      // Conditions see escapes as they stand; what is rewritten has none.
      const rules = user.startsWith("%")
        ? [
            always(
              { target: "to", operation: "remove-leading", count: 2 },
              { target: "to", operation: "add-prefix", value: "+" },
            ),
          ]
        : dialPlan;
      const call = termination(user, rules);
      assertPasses(headerPolicy(call));
      assertPasses(numberTranslation(call));
      assert.equal(call.calledNumber, called);
    });
  }

  test("an extension becomes the caller's number", () => {
    const rule = always({ target: "from", operation: "add-prefix", value: "+1555000" });
    const call = termination("+442079460000", [rule], '"Desk" <sip:1001@pbx.example>');
    assertPasses(headerPolicy(call), "header policy, rule 1: from becomes +15550001001");
    assertPasses(callerIdentity(call), "calling number +15550001001 from the header policy");
    assert.equal(call.callerDisplayName, "Desk");
  });

  test("what becomes no number is refused as it would be without a policy", () => {
    const call = termination("+442079460000", [
      always({ target: "to", operation: "remove-leading", count: 1 }),
    ]);
    assertPasses(headerPolicy(call));
    assertRefused(numberTranslation(call), reasons.invalidPhoneNumber);
    const caller = termination("+442079460000", [
      always({ target: "from", operation: "replace", value: "desk" }),
    ]);
    assertPasses(headerPolicy(caller));
    assertPasses(callerIdentity(caller), "calling number +15550001111 from From");
  });

  test("a prefix in front of an emergency number may go, and an emergency number itself stays", () => {
    const strip = always({ target: "to", operation: "remove-prefix", value: "9" });
    const call = termination("9911", [strip]);
    headerPolicy(call);
    numberTranslation(call);
    assert.deepEqual([call.calledNumber, call.isEmergency], ["911", true]);
    const direct = termination("911", [strip]);
    assertPasses(headerPolicy(direct), "911 is an emergency number: no header policy rewrites it");
    assert.deepEqual(direct.rewritten, {});
  });

  test("without a policy, and without a rule that holds, they stay", () => {
    const bare = terminationCall();
    assertPasses(headerPolicy(bare), "the trunk has no header policy");
    const call = termination("+442079460000", dialPlan);
    assertPasses(headerPolicy(call), "no rule of the header policy holds");
    assert.deepEqual([bare.rewritten, call.rewritten], [{}, {}]);
  });
});

describe("of the numbers that a customer is shown", () => {
  test("both may be written in its own way; the call's own stay", () => {
    const rules = [
      always(
        { target: "to", operation: "remove-prefix", value: "+1" },
        { target: "from", operation: "remove-prefix", value: "+" },
        { target: "from", operation: "add-prefix", value: "00" },
      ),
    ];
    const call = origination(rules);
    assertPasses(
      headerPolicy(call),
      "header policy, rule 1: to becomes 5550001111, from becomes 00442071838750",
    );
    assert.deepEqual(call.rewritten, { to: "5550001111", from: "00442071838750" });
    assert.deepEqual([call.calledNumber, call.callingNumber], ["+15550001111", "+442071838750"]);
  });

  test("a number of which nothing is left, or that grows too long, stays", () => {
    const long = Array.from({ length: 8 }, (): NumberAction => {
      return { target: "from", operation: "add-suffix", value: "1".repeat(32) };
    });
    const call = origination([always({ target: "to", operation: "remove-leading", count: 32 }, ...long)]);
    assertPasses(headerPolicy(call), "header policy, rule 1: both numbers stay");
    assert.deepEqual(call.rewritten, { to: undefined, from: undefined });
    const atLimit = origination([
      always(...long.slice(0, 7), {
        target: "from",
        operation: "add-suffix",
        value: "2".repeat(32 - "+442071838750".length),
      }),
    ]);
    headerPolicy(atLimit);
    assert.equal(atLimit.rewritten.from?.length, maximumRewrittenCharacters);
  });

  test("without a policy they stay", () => {
    const call = origination([]);
    call.trunk = exampleTrunk();
    assertPasses(headerPolicy(call), "the trunk has no header policy");
  });
});
