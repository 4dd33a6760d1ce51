import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type HeaderRule,
  maximumActionCharacters,
  maximumConditionCharacters,
  maximumPolicyRules,
  maximumRemovedCharacters,
  maximumRuleActions,
  maximumRuleConditions,
} from "@tandem/contracts";
import { ApiError } from "../conventions/api-error.ts";
import { readHeaderRules } from "./header-rules.ts";

const condition = { header: "from", part: "user", operator: "equals", value: "1001" };
const action = { target: "to", operation: "add-prefix", value: "+" };
const rule = { match: "all", conditions: [condition], actions: [action] };
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

const read = (rules: unknown): HeaderRule[] => readHeaderRules(JSON.stringify(rules));
const codeOf = (text: string): number | undefined => {
  try {
    readHeaderRules(text);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ApiError);
    return error.code;
  }
};

test("rules read as they were written", () => {
  const other = {
    match: "none",
    conditions: [],
    actions: [{ target: "from", operation: "remove-leading", count: 3 }],
  };
  assert.deepEqual(read([rule, other]), [rule, other]);
});

describe("limits", () => {
  for (const [what, atLimit, beyond, code] of [
    ["rules", times(maximumPolicyRules, rule), times(maximumPolicyRules + 1, rule), 21258],
    [
      "conditions",
      [{ ...rule, conditions: times(maximumRuleConditions, condition) }],
      [{ ...rule, conditions: times(maximumRuleConditions + 1, condition) }],
      21261,
    ],
    [
      "actions",
      [{ ...rule, actions: times(maximumRuleActions, action) }],
      [{ ...rule, actions: times(maximumRuleActions + 1, action) }],
      21260,
    ],
    [
      "characters of a condition",
      [{ ...rule, conditions: [{ ...condition, value: "x".repeat(maximumConditionCharacters) }] }],
      [{ ...rule, conditions: [{ ...condition, value: "x".repeat(maximumConditionCharacters + 1) }] }],
      21258,
    ],
    [
      "characters of an action",
      [{ ...rule, actions: [{ ...action, value: "1".repeat(maximumActionCharacters) }] }],
      [{ ...rule, actions: [{ ...action, value: "1".repeat(maximumActionCharacters + 1) }] }],
      21258,
    ],
    [
      "characters taken away",
      [
        {
          ...rule,
          actions: [{ target: "to", operation: "remove-leading", count: maximumRemovedCharacters }],
        },
      ],
      [
        {
          ...rule,
          actions: [{ target: "to", operation: "remove-leading", count: maximumRemovedCharacters + 1 }],
        },
      ],
      21258,
    ],
  ] as const) {
    test(what, () => {
      assert.deepEqual(read(atLimit), atLimit);
      assert.equal(codeOf(JSON.stringify(beyond)), code);
    });
  }
});

for (const [what, text, code] of [
  ["no JSON", "{", 21256],
  ["no array", "{}", 21256],
  ["no rule", "[]", 21258],
  ["a rule that is none", "[1]", 21258],
  ["no action", JSON.stringify([{ ...rule, actions: [] }]), 21258],
  ["an unknown match", JSON.stringify([{ ...rule, match: "some" }]), 21258],
  [
    "an unknown header field",
    JSON.stringify([{ ...rule, conditions: [{ ...condition, header: "via" }] }]),
    21258,
  ],
  [
    "an unknown operator",
    JSON.stringify([{ ...rule, conditions: [{ ...condition, operator: "is" }] }]),
    21258,
  ],
  ["an empty condition", JSON.stringify([{ ...rule, conditions: [{ ...condition, value: "" }] }]), 21258],
  [
    "an action that would leave the user part",
    JSON.stringify([{ ...rule, actions: [{ ...action, value: "1@x" }] }]),
    21258,
  ],
  [
    "a count where a text belongs",
    JSON.stringify([{ ...rule, actions: [{ ...action, value: undefined, count: 1 }] }]),
    21258,
  ],
  [
    "nothing to take away",
    JSON.stringify([{ ...rule, actions: [{ target: "to", operation: "remove-leading", count: 0 }] }]),
    21258,
  ],
  ["a member that nobody knows", JSON.stringify([{ ...rule, name: "x" }]), 21258],
] as const) {
  test(`${what}: ${code}`, () => assert.equal(codeOf(text), code));
}
