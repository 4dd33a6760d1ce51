import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { partsOfRound, QualityWatch, roundMs } from "./quality-watch.ts";

const partMs = roundMs / partsOfRound;

function script(count: number) {
  const clock = new HandClock();
  const looks: { readonly call: number; readonly nowMs: number }[] = [];
  const calls = Array.from({ length: count }, (_, call) => ({
    lookAtMedia: (nowMs: number) => {
      looks.push({ call, nowMs });
    },
  }));
  const watch = new QualityWatch(clock, () => calls);
  watch.start();
  return { clock, looks, calls, watch };
}

describe("the watch of quality", () => {
  test("comes to every call once in a round", () => {
    const { clock, looks } = script(250);
    clock.advance(roundMs);
    assert.deepEqual(
      looks.map(({ call }) => call),
      Array.from({ length: 250 }, (_, call) => call),
    );
    clock.advance(roundMs);
    assert.equal(looks.length, 500);
  });

  test("spreads the calls over the round", () => {
    const { clock, looks } = script(partsOfRound * 3);
    for (let part = 1; part <= partsOfRound; part += 1) {
      clock.advance(partMs);
      assert.equal(looks.length, part * 3);
    }
  });

  test("comes back to a call after a round", () => {
    const { clock, looks } = script(7);
    clock.advance(roundMs * 3);
    for (let call = 0; call < 7; call += 1) {
      const [first = 0, second = 0, third = 0] = looks
        .filter((one) => one.call === call)
        .map((one) => one.nowMs);
      assert.deepEqual([second - first, third - second], [roundMs, roundMs]);
    }
  });

  test("takes calls that come in a round into the next, and needs one timer for all", () => {
    const { clock, looks, calls } = script(1);
    clock.advance(partMs);
    calls.push({ lookAtMedia: (nowMs) => looks.push({ call: 1, nowMs }) });
    clock.advance(roundMs - partMs);
    assert.equal(looks.length, 1);
    assert.equal(clock.pendingTimers, 1);
    clock.advance(roundMs);
    assert.deepEqual(
      looks.map(({ call }) => call),
      [0, 0, 1],
    );
  });

  test("stops, and starts again", () => {
    const { clock, looks, watch } = script(3);
    watch.stop();
    clock.advance(roundMs * 2);
    assert.deepEqual([looks.length, clock.pendingTimers], [0, 0]);
    watch.start();
    watch.start();
    assert.equal(clock.pendingTimers, 1);
    clock.advance(roundMs);
    assert.equal(looks.length, 3);
  });
});
