import assert from "node:assert/strict";
import { test } from "node:test";
import { FaultLog } from "./fault-log.ts";

test("a fault is logged as an error with its stack and counted", () => {
  const lines: unknown[] = [];
  const faults = new FaultLog({ error: (event, fields) => lines.push([event, fields]) });
  const error = new Error("planted");
  assert.equal(faults.count, 0);
  faults.onFault(error, { callSid: "CA1" });
  faults.onFault("no error object", { in: "timer" });
  assert.equal(faults.count, 2);
  assert.deepEqual(lines, [
    ["fault", { callSid: "CA1", error: error.stack }],
    ["fault", { in: "timer", error: "no error object" }],
  ]);
});
