import assert from "node:assert/strict";
import { test } from "node:test";
import { countCalls } from "./call-counts.ts";

test("calls that are over are counted, and those of them that were answered", () => {
  const end = { end_time: "Thu, 26 Nov 2026 17:14:04 +0000" };
  const calls = [
    { status: "completed", duration: "30", ...end },
    { status: "completed", duration: "12", ...end },
    { status: "failed", duration: null, ...end },
    { status: "in-progress", duration: null, end_time: null },
  ];
  assert.deepEqual(countCalls(calls), { calls: 3, answered: 2, seconds: 42 });
  assert.deepEqual(countCalls([]), { calls: 0, answered: 0, seconds: 0 });
});
