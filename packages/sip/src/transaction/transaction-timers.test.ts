import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultTransactionTimers, giveUpMs, timerEAtT2Ms } from "./transaction-timers.ts";

test("the defaults are those of RFC 3261 table 4", () => {
  assert.deepEqual(defaultTransactionTimers, { t1Ms: 500, t2Ms: 4000, t4Ms: 5000, timerDMs: 32_000 });
  assert.equal(giveUpMs(defaultTransactionTimers), 32_000);
});

const table: [t1Ms: number, t2Ms: number, expectedMs: number][] = [
  [500, 4000, 3500],
  [500, 500, 0],
  [500, 501, 500],
  [100, 300, 300],
  [1000, 4000, 3000],
];
for (const [t1Ms, t2Ms, expectedMs] of table) {
  test(`timer E is at T2 after ${expectedMs} ms with T1 ${t1Ms} and T2 ${t2Ms}`, () => {
    assert.equal(timerEAtT2Ms({ ...defaultTransactionTimers, t1Ms, t2Ms }), expectedMs);
  });
}
