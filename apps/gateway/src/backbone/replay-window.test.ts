import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { maximumRememberedRequests, ReplayWindow } from "./replay-window.ts";

test("a request is new once, and is remembered for as long as its time would let it in", () => {
  const clock = new HandClock();
  const window = new ReplayWindow(clock);
  const ahead = clock.wallMs() + 30_000;
  assert.equal(window.take("one", ahead), "new");
  assert.equal(window.take("one", ahead), "seen");
  assert.equal(window.has("one"), true);
  clock.advance(60_000);
  window.take("two", clock.wallMs());
  assert.equal(window.take("one", ahead), "seen", "it is 30 s old just now");
  clock.advance(1);
  window.take("three", clock.wallMs());
  assert.equal(window.has("one"), false);
});

test("at the limit nothing more is taken, until something old can go", () => {
  const clock = new HandClock();
  const window = new ReplayWindow(clock, 2);
  const now = clock.wallMs();
  assert.deepEqual(
    ["one", "two", "three"].map((nonce) => window.take(nonce, now)),
    ["new", "new", "full"],
  );
  assert.equal(window.size, 2);
  assert.equal(window.take("one", now), "seen");
  clock.advance(30_001);
  assert.equal(window.take("three", clock.wallMs()), "new");
  assert.equal(window.size, 1);
  assert.equal(maximumRememberedRequests, 100_000);
});

for (const [what, jumpMs] of [
  ["forward", 3_600_000],
  ["back", -3_600_000],
] as const) {
  test(`the machine's clock is set ${what} by an hour: a request is remembered as long as ever, no less and no longer`, () => {
    const clock = new HandClock();
    const window = new ReplayWindow(clock, 1);
    window.take("one", clock.wallMs());
    clock.setWall(jumpMs);
    clock.advance(30_000);
    assert.equal(window.take("two", clock.wallMs()), "full");
    assert.equal(window.has("one"), true);
    clock.advance(1);
    assert.equal(window.take("two", clock.wallMs()), "new");
    assert.equal(window.has("one"), false);
  });
}
