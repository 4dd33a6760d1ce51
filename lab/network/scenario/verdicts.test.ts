import assert from "node:assert/strict";
import { test } from "node:test";
import { Timeline } from "./timeline.ts";
import { Verdicts } from "./verdicts.ts";

function newVerdicts(): Verdicts {
  return new Verdicts(new Timeline(() => undefined));
}

test("a scenario that expected nothing has not passed", () => {
  assert.equal(newVerdicts().isPass, false);
});

test("one expectation that is not met fails all, and is named with what was seen", () => {
  const verdicts = newVerdicts();
  verdicts.equal("answer", 200, 200);
  assert.equal(verdicts.isPass, true);
  verdicts.equal("answer", 503, 200);
  assert.equal(verdicts.isPass, false);
  assert.deepEqual(verdicts.failures, ["answer (503, wanted 200)"]);
  assert.deepEqual(verdicts.lines, ["PASS  answer (200, wanted 200)", "FAIL  answer (503, wanted 200)"]);
});

test("limits hold at the limit and fail one past it", () => {
  for (const [seen, isPass] of [
    [1500, true],
    [1501, false],
  ] as const) {
    const verdicts = newVerdicts();
    verdicts.atMost("time", seen, 1500, "ms");
    assert.equal(verdicts.isPass, isPass);
  }
  for (const [seen, isPass] of [
    [95, true],
    [94, false],
  ] as const) {
    const verdicts = newVerdicts();
    verdicts.atLeast("packets", seen, 95, "packets");
    assert.equal(verdicts.isPass, isPass);
  }
});
