import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { HeaderCondition, HeaderRule, NumberAction } from "@tandem/contracts";
import { parsedRequest, request } from "@tandem/sip/testing";
import { applyRules, maximumRewrittenCharacters } from "./apply-rules.ts";

const invite = parsedRequest(request("INVITE", { from: "<sip:1001@pbx.example>" }));
const user = (operator: HeaderCondition["operator"], value: string): HeaderCondition => ({
  header: "from",
  part: "user",
  operator,
  value,
});
const absent = (operator: HeaderCondition["operator"]): HeaderCondition => ({
  header: "diversion",
  part: "user",
  operator,
  value: "1",
});
const mark: NumberAction = { target: "to", operation: "replace", value: "yes" };

function holds(match: HeaderRule["match"], ...conditions: HeaderCondition[]): boolean {
  const { to } = applyRules([{ match, conditions, actions: [mark] }], invite, { to: "no", from: "" });
  return to === "yes";
}

describe("conditions", () => {
  for (const [operator, value, isTrue] of [
    ["equals", "1001", true],
    ["equals", "100", false],
    ["starts-with", "100", true],
    ["starts-with", "01", false],
    ["contains", "00", true],
    ["contains", "2", false],
    ["ends-with", "01", true],
    ["ends-with", "10", false],
  ] as const) {
    test(`1001 ${operator} ${value}: ${isTrue}, and not-${operator} the other way`, () => {
      assert.equal(holds("all", user(operator, value)), isTrue);
      assert.equal(holds("all", user(`not-${operator}`, value)), !isTrue);
    });
  }

  test("what is not there equals nothing, and is not anything", () => {
    for (const operator of ["equals", "starts-with", "contains", "ends-with"] as const) {
      assert.equal(holds("all", absent(operator)), false);
      assert.equal(holds("all", absent(`not-${operator}`)), true);
    }
  });

  const yes = user("equals", "1001");
  const no = user("equals", "2002");
  for (const [match, conditions, isTrue] of [
    ["all", [yes, yes], true],
    ["all", [yes, no], false],
    ["all", [], true],
    ["any", [no, yes], true],
    ["any", [no, no], false],
    ["any", [], false],
    ["none", [no, no], true],
    ["none", [no, yes], false],
    ["none", [], true],
  ] as const) {
    const names = conditions.map((one) => (one === yes ? "true" : "false"));
    test(`${match} of [${names.join(", ")}]: ${isTrue}`, () =>
      assert.equal(holds(match, ...conditions), isTrue));
  }
});

function made(number: string, ...actions: NumberAction[]): string {
  return applyRules([{ match: "all", conditions: [], actions }], invite, { to: number, from: "f" }).to;
}

describe("actions", () => {
  const to = "to" as const;
  const rows: readonly (readonly [before: string, action: NumberAction, after: string])[] = [
    ["123", { target: to, operation: "add-prefix", value: "+4" }, "+4123"],
    ["123", { target: to, operation: "remove-prefix", value: "12" }, "3"],
    ["123", { target: to, operation: "remove-prefix", value: "2" }, "123"],
    ["123", { target: to, operation: "add-suffix", value: "#" }, "123#"],
    ["123", { target: to, operation: "remove-suffix", value: "23" }, "1"],
    ["123", { target: to, operation: "remove-suffix", value: "2" }, "123"],
    ["123", { target: to, operation: "replace", value: "9" }, "9"],
    ["123", { target: to, operation: "remove-leading", count: 2 }, "3"],
    ["123", { target: to, operation: "remove-leading", count: 3 }, ""],
    ["123", { target: to, operation: "remove-leading", count: 4 }, ""],
    ["123", { target: to, operation: "remove-trailing", count: 2 }, "1"],
    ["123", { target: to, operation: "remove-trailing", count: 4 }, ""],
  ];
  for (const [before, action, after] of rows) {
    const operand = "value" in action ? action.value : action.count;
    test(`${action.operation} ${operand} makes ${before} to ${JSON.stringify(after)}`, () => {
      assert.equal(made(before, action), after);
    });
  }

  test("each works on what the one before it left", () => {
    const actions = [
      { target: to, operation: "remove-prefix", value: "00" },
      { target: to, operation: "add-prefix", value: "+" },
    ] as const;
    assert.equal(made("00442079460000", ...actions), "+442079460000");
  });

  test("the other number stays", () => {
    const rule: HeaderRule = {
      match: "all",
      conditions: [],
      actions: [{ target: "from", operation: "replace", value: "9" }],
    };
    assert.deepEqual(applyRules([rule], invite, { to: "1", from: "2" }), {
      to: "1",
      from: "9",
      applied: [1],
    });
  });

  test("a number grows no longer than one more than may be", () => {
    const number = "1".repeat(maximumRewrittenCharacters);
    assert.equal(made(number, { target: to, operation: "replace", value: "2" }), "2");
    const grown = made(number, { target: to, operation: "add-suffix", value: "22" });
    assert.equal(grown.length, maximumRewrittenCharacters + 1);
  });
});

test("every rule that holds is applied in order; conditions see the request as it came", () => {
  const add = (value: string): NumberAction => ({ target: "from", operation: "add-prefix", value });
  const rules: HeaderRule[] = [
    { match: "all", conditions: [user("starts-with", "1")], actions: [add("a")] },
    { match: "all", conditions: [user("starts-with", "a")], actions: [add("b")] },
    { match: "all", conditions: [user("starts-with", "1")], actions: [add("c")] },
  ];
  assert.deepEqual(applyRules(rules, invite, { to: "", from: "1001" }), {
    to: "",
    from: "ca1001",
    applied: [1, 3],
  });
});
