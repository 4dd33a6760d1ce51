import assert from "node:assert/strict";
import { test } from "node:test";
import { emergencyNumberOf, isEmergencyNumber } from "./emergency-number.ts";

const rows: [number: string, isoCodes: string, isTest: boolean][] = [
  ["911", "US CA", false],
  ["933", "US CA", true],
  ["112", "GB AU IE FR DE AT", false],
  ["999", "GB IE", false],
  ["000", "AU", false],
  ["106", "AU", false],
  ["15", "FR", false],
  ["17", "FR", false],
  ["18", "FR", false],
  ["114", "FR", false],
  ["110", "DE", false],
  ["122", "AT", false],
  ["133", "AT", false],
  ["144", "AT", false],
];

test("emergency numbers and their countries", () => {
  for (const [number, isoCodes, isTest] of rows) {
    assert.ok(isEmergencyNumber(number), number);
    const found = emergencyNumberOf(number);
    assert.deepEqual([found?.isoCodes.join(" "), found?.isTest], [isoCodes, isTest], number);
  }
});

test("everything else is none", () => {
  for (const text of ["+911", "9111", "91", "1911", "911 ", "+15551234567", ""]) {
    assert.ok(!isEmergencyNumber(text), text);
    assert.equal(emergencyNumberOf(text), undefined);
  }
});
