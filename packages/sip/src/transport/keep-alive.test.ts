import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { KeepAlive } from "./keep-alive.ts";

function started(): { clock: HandClock; keepAlive: KeepAlive; pings: () => number; isDead: () => boolean } {
  const clock = new HandClock();
  let pings = 0;
  let isDead = false;
  const keepAlive = new KeepAlive({
    clock,
    pingIntervalMs: 30_000,
    pongTimeoutMs: 10_000,
    sendPing: () => {
      pings++;
    },
    onDead: () => {
      isDead = true;
    },
  });
  keepAlive.start();
  return { clock, keepAlive, pings: () => pings, isDead: () => isDead };
}

test("a ping every interval, and a peer that never answered may stay silent", () => {
  const { clock, pings, isDead } = started();
  clock.advance(29_999);
  assert.equal(pings(), 0);
  clock.advance(1);
  assert.equal(pings(), 1);
  clock.advance(60_000);
  assert.equal(pings(), 3);
  assert.equal(isDead(), false);
});

test("a peer that ever answered must answer each ping in time (RFC 5626 §4.4.1)", () => {
  const { clock, keepAlive, isDead } = started();
  clock.advance(30_000);
  keepAlive.onPong();
  clock.advance(30_000);
  clock.advance(9_999);
  keepAlive.onPong();
  clock.advance(20_001);
  clock.advance(9_999);
  assert.equal(isDead(), false);
  clock.advance(1);
  assert.equal(isDead(), true);
});

test("pings faster than the pong time do not put off the end", () => {
  const clock = new HandClock();
  let isDead = false;
  const keepAlive = new KeepAlive({
    clock,
    pingIntervalMs: 4000,
    pongTimeoutMs: 10_000,
    sendPing: () => {},
    onDead: () => {
      isDead = true;
    },
  });
  keepAlive.start();
  keepAlive.onPong();
  clock.advance(4000 + 9_999);
  assert.equal(isDead, false);
  clock.advance(1);
  assert.equal(isDead, true);
});

test("stopped: no timer is left", () => {
  const { clock, keepAlive } = started();
  keepAlive.onPong();
  clock.advance(30_000);
  keepAlive.stop();
  assert.equal(clock.pendingTimers, 0);
});
