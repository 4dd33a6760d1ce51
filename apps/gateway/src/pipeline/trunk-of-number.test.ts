import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { originationCall } from "../testing/call-of.ts";
import { assertPasses, assertRefused } from "../testing/verdicts.ts";
import { trunkOfNumber } from "./trunk-of-number.ts";

function run(
  calledNumber: string,
  snapshot = {},
): { call: ReturnType<typeof originationCall>; verdict: ReturnType<typeof trunkOfNumber> } {
  const call = originationCall({ snapshot });
  call.calledNumber = calledNumber;
  return { call, verdict: trunkOfNumber(call) };
}

test("the called number finds its trunk and the account of the trunk", () => {
  const { call, verdict } = run("+15550001111");
  assertPasses(verdict, "+15550001111 is on TK1");
  assert.equal(call.number?.sid, "PN1");
  assert.equal(call.trunk?.sid, "TK1");
  assert.equal(call.account?.sid, "AC1");
});

test("a number that nobody here has is refused with 404", () => {
  const { reason } = assertRefused(run("+15559999999").verdict, reasons.calledNumberUnknown);
  assert.equal(reason.statusCode, 404);
});

test("a number on no trunk, or on one that is gone, is refused with 404; it is noted all the same", () => {
  const { call, verdict } = run("+15550002222");
  assertRefused(verdict, reasons.numberWithoutTrunk, "PN2 is on no trunk");
  assert.equal(call.number?.sid, "PN2");
  assert.equal(call.trunk, undefined);
  assertRefused(run("+15550001111", { trunks: [] }).verdict, reasons.numberWithoutTrunk);
});
