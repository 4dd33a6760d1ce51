import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { type BackboneKey, heartbeatIntervalMs } from "@tandem/contracts";
import { verifyHeartbeat } from "@tandem/heartbeat";
import { HeartbeatSender } from "./heartbeat-sender.ts";

const key: BackboneKey = { id: 3, secret: "ab".repeat(32) };

function script() {
  const clock = new HandClock();
  const sent: string[] = [];
  const state = { draining: false, key: key as BackboneKey | undefined };
  const sender = new HeartbeatSender({
    clock,
    key: () => state.key,
    fields: () => ({ gateway: "a", edge: "ashburn", draining: state.draining, liveCalls: 2 }),
    send: (text) => sent.push(text),
  });
  const take = () =>
    sent.splice(0).map((text) => {
      const verified = verifyHeartbeat(text, [key], clock.wallMs());
      assert.ok(verified.ok);
      return verified.value;
    });
  return { clock, sent, state, sender, take };
}

test("one at once and one a second, signed, with what holds at that moment", () => {
  const { clock, state, sender, take } = script();
  sender.start();
  const [first] = take();
  assert.deepEqual(
    [first?.gateway, first?.edge, first?.draining, first?.liveCalls, first?.atMs, first?.keyId],
    ["a", "ashburn", false, 2, clock.wallMs(), 3],
  );
  clock.advance(heartbeatIntervalMs - 1);
  assert.equal(take().length, 0);
  state.draining = true;
  clock.advance(1);
  assert.deepEqual(
    take().map((one) => [one.draining, one.atMs]),
    [[true, clock.wallMs()]],
  );
  sender.close();
  clock.advance(60_000);
  assert.equal(take().length, 0);
});

test("sent at once when asked, never with the time of the one before", () => {
  const { clock, sender, take } = script();
  sender.start();
  sender.sendNow();
  sender.sendNow();
  const times = take().map((one) => one.atMs - clock.wallMs());
  assert.deepEqual(times, [0, 1, 2]);
});

test("the clock is set back: a little, and times go on from the last one; by more than readers allow, and they are the clock's", () => {
  for (const [setByMs, aheadMs] of [
    [-29_999, 30_000],
    [-30_000, 0],
    [-3_600_000, 0],
  ] as const) {
    const { clock, sender, take } = script();
    sender.start();
    take();
    clock.setWall(setByMs);
    sender.sendNow();
    sender.sendNow();
    const times = take().map((one) => one.atMs - clock.wallMs());
    assert.deepEqual(times, aheadMs === 0 ? [0, 1] : [aheadMs, 0], `${setByMs}`);
  }
});

test("the clock is set forward: times are the clock's", () => {
  const { clock, sender, take } = script();
  sender.start();
  take();
  clock.setWall(3_600_000);
  sender.sendNow();
  assert.equal(take()[0]?.atMs, clock.wallMs());
});

test("without a key there is no heartbeat, and there is one as soon as there is a key", () => {
  const { clock, state, sender, take, sent } = script();
  state.key = undefined;
  sender.start();
  clock.advance(3 * heartbeatIntervalMs);
  assert.equal(sent.length, 0);
  state.key = key;
  clock.advance(heartbeatIntervalMs);
  assert.equal(take().length, 1);
});
