import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "./hand-clock.ts";
import { SteadyTime } from "./steady-time.ts";

const startMs = 1_700_000_000_000;

for (const [what, jumpMs] of [
  ["forward", 3_600_000],
  ["back", -3_600_000],
] as const) {
  test(`goes on evenly when the machine's clock is set ${what} by an hour`, () => {
    const clock = new HandClock({ wallMs: startMs, monotonicMs: 17.25 });
    const time = new SteadyTime(clock);
    assert.equal(time.wallMs(), startMs);
    clock.advance(1000);
    clock.setWall(jumpMs);
    clock.advance(500);
    assert.equal(clock.wallMs(), startMs + 1500 + jumpMs);
    assert.equal(time.wallMs(), startMs + 1500);
  });
}

test("shows what it is given, in whole milliseconds", () => {
  const clock = new HandClock({ wallMs: startMs, monotonicMs: 0.1 });
  const time = new SteadyTime(clock, 5000);
  assert.equal(time.wallMs(), 5000);
  clock.advance(0.4);
  assert.equal(time.wallMs(), 5000);
  clock.advance(0.2);
  assert.equal(time.wallMs(), 5001);
});
