import assert from "node:assert/strict";
import { test } from "node:test";
import { shippedPrefixes } from "@tandem/numbering";
import { riskLists } from "./risk-lists.ts";

test("without a word of the operator the shipped lists hold", () => {
  assert.deepEqual(riskLists([]), {
    lowRiskPrefixes: [],
    highRiskSpecialPrefixes: shippedPrefixes.highRiskSpecial,
    highRiskTollFraudPrefixes: shippedPrefixes.highRiskTollFraud,
  });
});

test("the operator adds prefixes, and changes the class of a shipped one", () => {
  const lists = riskLists([
    { prefix: "+4484", risk: "high-risk-special" },
    { prefix: "+881", risk: "low-risk" },
    { prefix: "+1900", risk: "high-risk-toll-fraud" },
  ]);
  assert.ok(lists.highRiskSpecialPrefixes.includes("+4484"));
  assert.ok(!lists.highRiskSpecialPrefixes.includes("+1900"));
  assert.deepEqual(lists.lowRiskPrefixes, ["+881"]);
  assert.deepEqual(lists.highRiskTollFraudPrefixes, ["+1900", "+870", "+882", "+883"]);
  assert.deepEqual(lists.highRiskSpecialPrefixes, lists.highRiskSpecialPrefixes.toSorted());
});
