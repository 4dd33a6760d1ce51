import assert from "node:assert/strict";
import { it } from "node:test";
import { crashNumber, restartDelayMs, restartDelays } from "./restart-delay.ts";

it("the delay doubles with each crash in a row, up to the longest", () => {
  assert.deepEqual(
    [1, 2, 3, 6, 7, 8, 1000].map(restartDelayMs),
    [500, 1000, 2000, 16_000, 30_000, 30_000, 30_000],
  );
});

it("a program that ran long enough starts a new row of crashes", () => {
  assert.equal(restartDelays.recoveredAfterMs, 60_000);
  assert.equal(crashNumber(0, 0), 1);
  assert.equal(crashNumber(4, restartDelays.recoveredAfterMs - 1), 5);
  assert.equal(crashNumber(4, restartDelays.recoveredAfterMs), 1);
});
