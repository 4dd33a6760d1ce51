import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import type { SnapshotTrunk } from "@tandem/contracts";
import { exchangeTiming } from "@tandem/coordination";
import { SharedStore } from "@tandem/coordination/testing";
import { RoutingTable } from "@tandem/routing";
import { exampleSnapshot, exampleTrunk } from "../testing/example-snapshot.ts";
import { maximumOtherGateways, quietMs, SharedLimits } from "./shared-limits.ts";
import { TrunkLimits } from "./trunk-limits.ts";

const { periodMs, expiryMs } = exchangeTiming;

/** Promises that are settled are handled before the next macrotask. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** @param pool of the account */
function tableOf(trunk: Partial<SnapshotTrunk>, names: readonly string[], pool?: number): RoutingTable {
  const account = { sid: "AC1", status: "active", compatibility: "tandem" } as const;
  const accounts = [pool === undefined ? account : { ...account, callsPerSecond: pool }];
  const gateways = names.map((name) => ({ name, edge: "ashburn-ix", interfaces: [] }));
  return RoutingTable.from(exampleSnapshot({ accounts, trunks: [exampleTrunk(trunk)], gateways }));
}

function region(trunk: Partial<SnapshotTrunk>) {
  const clock = new HandClock();
  const store = new SharedStore(clock);
  const table = tableOf(trunk, ["a", "b", "c"]);
  const gatewayOf = (gateway: string) => {
    const limits = new TrunkLimits(clock);
    const [events, alerts]: [string[], string[]] = [[], []];
    const shared = new SharedLimits({
      clock,
      gateway,
      limits,
      newStore: () => store.wayOf(gateway),
      onEvent: (event) => events.push(event),
      onAlone: (text) => alerts.push(text),
    });
    shared.apply(table);
    return { limits, shared, events, alerts };
  };
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 50) {
      clock.advance(Math.min(50, ms - passed));
      await settled();
    }
  };
  return { store, table, gatewayOf, pass };
}

test("calls at a time count over all gateways", async () => {
  const { gatewayOf, pass } = region({ concurrentCalls: 10 });
  const [a, b, c] = [gatewayOf("a"), gatewayOf("b"), gatewayOf("c")];
  a.limits.begin("TK1");
  b.limits.begin("TK1");
  b.limits.begin("TK1");
  for (const { shared } of [a, b, c]) shared.start();
  await pass(2 * periodMs);
  assert.deepEqual(
    [a, b, c].map(({ limits }) => limits.callsOf("TK1")),
    [3, 3, 3],
  );
  b.limits.end("TK1");
  assert.equal(b.limits.callsOf("TK1"), 2, "its own it knows at once");
  await pass(2 * periodMs);
  assert.deepEqual(
    [a, b, c].map(({ limits }) => limits.callsOf("TK1")),
    [2, 2, 2],
  );
  assert.deepEqual(a.shared.counts(), { ...a.shared.counts(), isShared: true, gateways: 2, failed: 0 });
});

test("trunks without a limit are not told of", async () => {
  const { gatewayOf, pass, store } = region({});
  const a = gatewayOf("a");
  a.limits.begin("TK1");
  a.limits.begin("TK-of-no-snapshot");
  a.shared.start();
  await pass(periodMs);
  assert.equal(store.textOf("a"), '{"version":1,"calls":[],"begun":[]}');
});

test("calls per second: what one lets in is missing at the others", async () => {
  const { gatewayOf, pass } = region({ callsPerSecond: 2 });
  const [a, b] = [gatewayOf("a"), gatewayOf("b")];
  a.shared.start();
  b.shared.start();
  await pass(2 * periodMs);
  assert.deepEqual([a.limits.take("TK1", 2), a.limits.take("TK1", 2)], [true, true]);
  await pass(periodMs);
  assert.equal(b.limits.mayTake("TK1", 2), false);
  await pass(1000);
  assert.equal(b.limits.mayTake("TK1", 2), true);
});

test("the pool of an account is drained like the limit of a trunk", async () => {
  const { gatewayOf, pass } = region({});
  const [a, b] = [gatewayOf("a"), gatewayOf("b")];
  for (const { shared } of [a, b]) {
    shared.apply(tableOf({}, ["a", "b"], 1));
    shared.start();
  }
  await pass(2 * periodMs);
  assert.equal(a.limits.take("AC1", 1), true);
  await pass(periodMs);
  assert.equal(b.limits.mayTake("AC1", 1), false);
});

test("a limit that was taken away, or was never here, drains nothing", async () => {
  const { gatewayOf, pass } = region({ callsPerSecond: 2 });
  const [a, b] = [gatewayOf("a"), gatewayOf("b")];
  b.shared.apply(tableOf({ callsPerSecond: null }, ["a", "b"]));
  a.shared.start();
  b.shared.start();
  await pass(2 * periodMs);
  a.limits.take("TK1", 2);
  a.limits.take("TK1", 2);
  await pass(2 * periodMs);
  assert.equal(b.limits.mayTake("TK1", 1), true);
});

test("the store away: each counts alone, told once a minute at most, and by itself it is shared again", async () => {
  const { gatewayOf, pass, store } = region({ concurrentCalls: 10 });
  const [a, b] = [gatewayOf("a"), gatewayOf("b")];
  b.limits.begin("TK1");
  a.shared.start();
  b.shared.start();
  await pass(2 * periodMs);
  assert.equal(a.limits.callsOf("TK1"), 1);
  store.refusal = "NOPERM";
  await pass(expiryMs + periodMs);
  assert.equal(a.limits.callsOf("TK1"), 0);
  assert.deepEqual(a.alerts, ["the store of shared limits: NOPERM"]);
  store.refusal = undefined;
  await pass(10_000);
  assert.equal(a.limits.callsOf("TK1"), 1);
  assert.deepEqual(a.events, ["limits-shared", "limits-alone", "limits-shared"]);
  store.refusal = "NOPERM";
  await pass(expiryMs + periodMs);
  assert.equal(a.alerts.length, 1, "that minute is not over");
  store.refusal = undefined;
  await pass(quietMs);
  store.refusal = "NOPERM";
  await pass(expiryMs + periodMs);
  assert.equal(a.alerts.length, 2);
});

test("a gateway that comes back with its calls says so with its first word", async () => {
  const { gatewayOf, pass } = region({ concurrentCalls: 10 });
  const b = gatewayOf("b");
  b.shared.start();
  await pass(periodMs);
  const a = gatewayOf("a");
  a.limits.begin("TK1");
  a.shared.start();
  await pass(2 * periodMs);
  assert.equal(b.limits.callsOf("TK1"), 1);
});

test("so many others are asked for, and not one more", async () => {
  const { gatewayOf, store, pass } = region({ concurrentCalls: 10 });
  const names = Array.from({ length: maximumOtherGateways + 1 }, (_, index) => `g${index}`);
  for (const name of names) store.put(name, '{"version":1,"calls":["TK1",1],"begun":[]}', 60_000);
  const a = gatewayOf("a");
  a.shared.apply(tableOf({ concurrentCalls: 1000 }, ["a", ...names]));
  a.shared.start();
  await pass(periodMs);
  assert.equal(a.limits.callsOf("TK1"), maximumOtherGateways);
});
