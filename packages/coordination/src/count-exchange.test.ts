import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { CountExchange, exchangeTiming } from "./count-exchange.ts";
import { RegionCounts } from "./region-counts.ts";
import { SharedStore } from "./testing/store-double.ts";

const { periodMs, timeoutMs, expiryMs, firstRetryMs, lastRetryMs } = exchangeTiming;
const names = ["a", "b", "c"] as const;

/** Promises that are settled are handled before the next macrotask. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function pass(clock: HandClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    clock.advance(Math.min(50, ms - passed));
    await settled();
  }
}

function gatewayOf(name: string, shared: SharedStore, clock: HandClock) {
  const calls = new Map<string, number>();
  const events: string[] = [];
  const region = new RegionCounts(() => undefined);
  const exchange = new CountExchange({
    clock,
    newStore: () => shared.wayOf(name),
    own: () => ({ calls, begun: new Map() }),
    others: () => names.filter((other) => other !== name),
    region,
    onShared: () => events.push("shared"),
    onAlone: (why) => events.push(`alone: ${why}`),
  });
  return { calls, events, region, exchange };
}

function stand() {
  const clock = new HandClock();
  const shared = new SharedStore(clock);
  return { clock, shared, a: gatewayOf("a", shared, clock), b: gatewayOf("b", shared, clock) };
}

test("what one gateway counts the other knows two periods later", async () => {
  const { clock, a, b } = stand();
  a.exchange.start();
  b.exchange.start();
  await pass(clock, periodMs);
  assert.deepEqual([a.events, b.events], [["shared"], ["shared"]]);
  a.calls.set("TK1", 3);
  await pass(clock, 2 * periodMs);
  assert.equal(b.region.callsOf("TK1"), 3);
  a.calls.delete("TK1");
  await pass(clock, 2 * periodMs);
  assert.equal(b.region.callsOf("TK1"), 0);
  assert.equal(a.exchange.isShared, true);
  assert.equal(a.exchange.results.failed, 0);
});

test("a gateway that dies has its calls until its counts expire, and no longer", async () => {
  const { clock, shared, b } = stand();
  const clockOfA = new HandClock();
  const a = gatewayOf("a", shared, clockOfA);
  a.calls.set("TK1", 3);
  a.exchange.start();
  clockOfA.advance(0);
  await settled();
  b.exchange.start();
  await pass(clock, expiryMs - 50);
  assert.equal(b.region.callsOf("TK1"), 3);
  await pass(clock, 50 + periodMs);
  assert.equal(b.region.callsOf("TK1"), 0);
  assert.deepEqual(b.events, ["shared"]);
});

test("a gateway that ends in order takes its counts back at once", async () => {
  const { clock, a, b, shared } = stand();
  a.calls.set("TK1", 3);
  a.exchange.start();
  b.exchange.start();
  await pass(clock, 2 * periodMs);
  await a.exchange.close();
  assert.equal(shared.textOf("a"), undefined);
  await pass(clock, periodMs);
  assert.equal(b.region.callsOf("TK1"), 0);
  await b.exchange.close();
  assert.deepEqual([shared.open.size, clock.pendingTimers], [0, 0]);
});

test("a store that refuses: the others are known until they would have expired, then told once; back by itself", async () => {
  const { clock, a, b, shared } = stand();
  b.calls.set("TK1", 2);
  a.exchange.start();
  b.exchange.start();
  await pass(clock, 2 * periodMs);
  assert.equal(a.region.callsOf("TK1"), 2);
  shared.refusal = "WRONGPASS invalid username-password pair or user is disabled.";
  await pass(clock, expiryMs - periodMs);
  assert.equal(a.region.callsOf("TK1"), 2);
  assert.deepEqual(a.events, ["shared"]);
  await pass(clock, 10 * expiryMs);
  assert.equal(a.region.callsOf("TK1"), 0);
  assert.equal(a.exchange.isShared, false);
  assert.deepEqual(a.events.splice(0), ["shared", `alone: ${shared.refusal}`]);
  shared.refusal = undefined;
  await pass(clock, lastRetryMs + 2 * periodMs);
  assert.deepEqual(a.events, ["shared"]);
  assert.equal(a.region.callsOf("TK1"), 2);
});

test("a store that is not there at the start is told once, after the time that it might take", async () => {
  const { clock, a, shared } = stand();
  shared.refusal = "connect ECONNREFUSED 127.0.0.1:6379";
  a.exchange.start();
  await pass(clock, expiryMs - 50);
  assert.deepEqual(a.events, []);
  await pass(clock, 50);
  assert.deepEqual(a.events, [`alone: ${shared.refusal}`]);
});

test("between tries passes twice the time of the last, up to a limit", async () => {
  const { clock, a, shared } = stand();
  shared.refusal = "away";
  const triedAtMs: number[] = [];
  a.exchange.start();
  for (let failed = 0; triedAtMs.length < 9; ) {
    await pass(clock, 50);
    if (a.exchange.results.failed === failed) continue;
    failed = a.exchange.results.failed;
    triedAtMs.push(clock.monotonicMs());
  }
  const waits = triedAtMs.slice(1).map((atMs, index) => atMs - (triedAtMs[index] ?? 0));
  assert.deepEqual(waits, [firstRetryMs, 500, 1000, 2000, 4000, 8000, lastRetryMs, lastRetryMs]);
});

test("a store that stands still: one exchange waits, never two, and no way is left open", async () => {
  const { clock, a, shared } = stand();
  a.exchange.start();
  await pass(clock, periodMs);
  shared.isStalled = true;
  await pass(clock, periodMs);
  assert.equal(shared.waiting, 1);
  await pass(clock, timeoutMs - periodMs);
  assert.deepEqual([shared.waiting, shared.open.size, a.exchange.results.failed], [1, 1, 0]);
  await pass(clock, periodMs);
  assert.deepEqual([shared.open.size, a.exchange.results.failed], [0, 1]);
  await pass(clock, expiryMs);
  assert.deepEqual(a.events, ["shared", `alone: no answer in ${timeoutMs} ms`]);
  await pass(clock, 60_000);
  assert.ok(shared.open.size <= 1);
  assert.ok(clock.pendingTimers <= 3, `${clock.pendingTimers} timers`);
});

test("a program that stood still has not lost the store, and says nothing of the kind", async () => {
  const { clock, a, b, shared } = stand();
  a.calls.set("TK1", 1);
  a.exchange.start();
  b.exchange.start();
  await pass(clock, 2 * periodMs);
  clock.stall(60_000);
  await pass(clock, 2 * periodMs);
  assert.deepEqual([a.events, b.events], [["shared"], ["shared"]]);
  assert.equal(b.region.callsOf("TK1"), 1);
  clock.stall(60_000);
  shared.refusal = "gone meanwhile";
  await pass(clock, timeoutMs + 100);
  assert.deepEqual(b.events, ["shared", "alone: gone meanwhile"]);
});

test("a way that is opened to a store that never answers is given up like an exchange", async () => {
  const { clock, a, shared } = stand();
  shared.isStalled = true;
  a.exchange.start();
  await pass(clock, timeoutMs + 50);
  assert.deepEqual([shared.open.size, a.exchange.results.failed], [0, 1]);
  const closing = a.exchange.close();
  await settled();
  await closing;
  assert.equal(clock.pendingTimers, 0);
});

test("the end waits for a store that stands still no longer than for an exchange", async () => {
  const { clock, a, shared } = stand();
  a.exchange.start();
  await pass(clock, periodMs);
  shared.isStalled = true;
  let isClosed = false;
  void a.exchange.close().then(() => {
    isClosed = true;
  });
  await pass(clock, timeoutMs - 50);
  assert.equal(isClosed, false);
  await pass(clock, 50);
  assert.deepEqual([isClosed, shared.open.size, clock.pendingTimers], [true, 0, 0]);
});

test("the names of others are asked for anew each time", async () => {
  const { clock, a, shared } = stand();
  a.exchange.start();
  await pass(clock, periodMs);
  const c = gatewayOf("c", shared, clock);
  c.calls.set("TK1", 1);
  c.exchange.start();
  await pass(clock, 2 * periodMs);
  assert.deepEqual([a.region.gateways, a.region.callsOf("TK1")], [1, 1]);
});
