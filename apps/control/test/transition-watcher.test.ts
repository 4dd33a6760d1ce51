/** How transitions end: by what gateways say, by time, whichever control is there to see it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { HandClock } from "@tandem/clock/testing";
import type { ConnectionHealth } from "@tandem/contracts";
import { type Database, snapshotVersion } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { interconnectLimits, TransitionWatcher } from "../src/interconnect/index.ts";
import { connectionHealth } from "./gateway-state-sample.ts";
import {
  type InterconnectHarness,
  interconnectHarness,
  connectionsPath as path,
} from "./interconnect-harness.ts";
import { until } from "./stream-gateway.ts";

async function lastTransition(harness: InterconnectHarness, sid: string) {
  const { body } = await harness.request(harness.operator, "GET", `${path}/${sid}`);
  const [last] = body["transitions"] as Record<string, unknown>[];
  return [last?.["from_status"], last?.["to_status"], last?.["code"], last?.["cause"]];
}

async function activated(harness: InterconnectHarness): Promise<{ sid: string; version: number }> {
  const { sid } = await harness.create(harness.customer);
  assert.equal((await harness.update(harness.customer, sid, { Status: "active" })).status, 200);
  return { sid, version: await snapshotVersion(harness.database) };
}

/** On the way from active to inactive. */
async function deactivated(harness: InterconnectHarness): Promise<{ sid: string; version: number }> {
  const { sid, version } = await activated(harness);
  await harness.report({ name: "gw-1", snapshotVersion: version, lines: [connectionHealth(sid)] });
  await harness.watch();
  assert.equal(await harness.statusOf(sid), "active");
  assert.equal((await harness.update(harness.customer, sid, { Status: "inactive" })).status, 200);
  return { sid, version: await snapshotVersion(harness.database) };
}

describeOnBothEngines("transitions of connections", (open) => {
  for (const state of ["up", "down", "unknown"] as const) {
    test(`a line is active when a gateway reports it ${state}`, async () => {
      const harness = await interconnectHarness(await open());
      const { sid, version } = await activated(harness);
      await harness.watch();
      assert.equal(await harness.statusOf(sid), "in-transition");
      const line = connectionHealth(sid, { state });
      await harness.report({ name: "gw-1", snapshotVersion: version, lines: [line] });
      await harness.watch();
      assert.deepEqual(await lastTransition(harness, sid), [
        "in-transition",
        "active",
        null,
        `gateway gw-1 reports ${state}`,
      ]);
      assert.equal(await snapshotVersion(harness.database), version + 1);
    });
  }

  test("neither another edge's gateway, nor an old report, nor one that is gone, makes it active", async () => {
    const harness = await interconnectHarness(await open());
    const { sid, version } = await activated(harness);
    const lines = [connectionHealth(sid)];
    await harness.report({ name: "gw-1", snapshotVersion: version, lines, edge: "ashburn-ix" });
    await harness.report({
      name: "gw-2",
      snapshotVersion: version,
      lines,
      healthSnapshotVersion: version - 1,
    });
    const waiting = [connectionHealth(sid, { state: "unprovisioned" }), connectionHealth("TX0")];
    await harness.report({ name: "gw-3", snapshotVersion: version, lines: waiting });
    await harness.watch();
    assert.equal(await harness.statusOf(sid), "in-transition");
    await harness.report({ name: "gw-4", snapshotVersion: version, lines });
    await harness.database.query("update gateways set stream_id = null where name = 'gw-4'");
    await harness.watch();
    assert.equal(await harness.statusOf(sid), "in-transition");
  });

  test("after 60 s an activation is given up, with what each gateway said", async () => {
    const harness = await interconnectHarness(await open());
    const { sid, version } = await activated(harness);
    harness.clock.advance(interconnectLimits.transitionTimeoutMs - 1);
    const line = connectionHealth(sid, { state: "unprovisioned", reason: "no device tx-1" });
    await harness.report({ name: "gw-1", snapshotVersion: version, lines: [line] });
    await harness.report({ name: "gw-2", snapshotVersion: version - 1 });
    await harness.watch();
    assert.equal(await harness.statusOf(sid), "in-transition");
    harness.clock.advance(1);
    await harness.watch();
    assert.deepEqual(await lastTransition(harness, sid), [
      "in-transition",
      "inactive",
      62200,
      "gateway gw-1 reports unprovisioned: no device tx-1; gateway gw-2 has not applied the change",
    ]);
    assert.equal(await snapshotVersion(harness.database), version + 1);
  });

  test("without a gateway it says so", async () => {
    const harness = await interconnectHarness(await open());
    const { sid, version } = await activated(harness);
    await harness.report({ name: "gw-1", snapshotVersion: version, lines: [connectionHealth(sid)] });
    // Heard of last 30 s ago: whatever held its stream has died without a word.
    harness.clock.advance(interconnectLimits.gatewaySilentAfterMs);
    await harness.watch();
    assert.equal(await harness.statusOf(sid), "in-transition");
    harness.clock.advance(interconnectLimits.transitionTimeoutMs - interconnectLimits.gatewaySilentAfterMs);
    await harness.watch();
    assert.deepEqual(await lastTransition(harness, sid), [
      "in-transition",
      "inactive",
      62200,
      "no gateway of london-ix is connected",
    ]);
    assert.equal((await harness.update(harness.customer, sid, { Status: "active" })).status, 200);
  });

  test("a line is inactive when all connected gateways have applied that", async () => {
    const harness = await interconnectHarness(await open());
    const { sid, version } = await deactivated(harness);
    await harness.report({ name: "gw-1", snapshotVersion: version });
    await harness.report({ name: "gw-2", snapshotVersion: version - 1 });
    await harness.report({ name: "gw-3", snapshotVersion: 0, edge: "ashburn-ix" });
    await harness.watch();
    assert.equal(await harness.statusOf(sid), "in-transition");
    await harness.report({ name: "gw-2", snapshotVersion: version });
    await harness.watch();
    assert.deepEqual(await lastTransition(harness, sid), [
      "in-transition",
      "inactive",
      null,
      "all connected gateways of london-ix have applied it",
    ]);
  });

  test("a deactivation does not wait for gateways that are gone, nor longer than 60 s for others", async () => {
    const harness = await interconnectHarness(await open());
    const { sid, version } = await deactivated(harness);
    harness.clock.advance(interconnectLimits.transitionTimeoutMs - 1);
    await harness.report({ name: "gw-1", snapshotVersion: version - 1 });
    await harness.watch();
    assert.equal(await harness.statusOf(sid), "in-transition");
    harness.clock.advance(1);
    await harness.watch();
    assert.deepEqual(await lastTransition(harness, sid), [
      "in-transition",
      "inactive",
      62200,
      "gateway gw-1 has not applied the change",
    ]);
    const second = await deactivated(harness);
    await harness.database.query("update gateways set stream_id = null");
    await harness.watch();
    assert.deepEqual(await lastTransition(harness, second.sid), [
      "in-transition",
      "inactive",
      null,
      "no gateway of london-ix is connected",
    ]);
  });

  test("a deletion waits as long as a connected gateway has the line, however long", async () => {
    const harness = await interconnectHarness(await open());
    const { sid, version } = await deactivated(harness);
    assert.equal((await harness.request(harness.customer, "DELETE", `${path}/${sid}`)).status, 204);
    harness.clock.advance(3_600_000);
    await harness.report({ name: "gw-1", snapshotVersion: version });
    await harness.watch();
    assert.equal(await harness.statusOf(sid), "pending-deletion");
    await harness.report({ name: "gw-1", snapshotVersion: version + 1 });
    await harness.watch();
    assert.equal(await harness.statusOf(sid), 404, "the status of the answer: it has gone");
    for (const table of ["connections", "connection_routes", "connection_transitions"])
      assert.deepEqual(await harness.database.query(`select 1 from ${table}`), [], table);
  });

  test("a line expires at its date, in every state but the last two", async () => {
    const harness = await interconnectHarness(await open());
    const { operator } = harness;
    const date = { DateExpires: "2026-01-01T00:00:30Z" };
    const lines: { sid: string }[] = [];
    for (const form of [{ IpRoutes: "" }, {}, {}, {}])
      lines.push(await harness.create(operator, { ...date, ...form }));
    const [, , moving, deleted] = lines;
    await harness.update(operator, moving?.sid ?? "", { Status: "active" });
    // A gateway that still has the line keeps it from going.
    await harness.report({ name: "gw-1", snapshotVersion: 0 });
    await harness.request(operator, "DELETE", `${path}/${deleted?.sid}`);
    harness.clock.advance(29_999);
    await harness.report({ name: "gw-1", snapshotVersion: 0 });
    await harness.watch();
    const statuses = async () => Promise.all(lines.map((line) => harness.statusOf(line.sid)));
    assert.deepEqual(await statuses(), ["not-ready", "inactive", "in-transition", "pending-deletion"]);
    harness.clock.advance(1);
    await harness.watch();
    assert.deepEqual(await statuses(), ["expired", "expired", "expired", "pending-deletion"]);
    assert.deepEqual(await lastTransition(harness, moving?.sid ?? ""), [
      "in-transition",
      "expired",
      null,
      "its time is up",
    ]);
    const version = await snapshotVersion(harness.database);
    await harness.watch();
    assert.equal(await snapshotVersion(harness.database), version, "what has expired is left alone");
  });

  test("several controls look at once: each step is taken once", async () => {
    const harness = await interconnectHarness(await open());
    const { sid, version } = await activated(harness);
    await harness.report({ name: "gw-1", snapshotVersion: version, lines: [connectionHealth(sid)] });
    await Promise.all([1, 2, 3, 4].map(() => harness.watch()));
    await harness.watch();
    const { body } = await harness.request(harness.operator, "GET", `${path}/${sid}/Transitions`);
    assert.deepEqual(
      (body["transitions"] as Record<string, unknown>[]).map((row) => row["to_status"]),
      ["inactive", "in-transition", "active"],
    );
    assert.equal(await snapshotVersion(harness.database), version + 1);
  });
});

describeOnBothEngines("the watcher of connections", (open) => {
  function watcherOf(database: Database, clock: HandClock) {
    const moved: unknown[] = [];
    const errors: string[] = [];
    const watcher = new TransitionWatcher({
      database,
      clock,
      logger: {
        info: (_event, fields) => void moved.push(fields?.["to"]),
        warn: () => undefined,
        error: (event) => void errors.push(event),
      },
      onMoved: () => void moved.push("told"),
    });
    return { watcher, moved, errors };
  }

  test("it looks at the start, every second, and when it is told to", async () => {
    const harness = await interconnectHarness(await open());
    const { clock, database } = harness;
    const first = await activated(harness);
    const report = async (...sids: string[]) => {
      const lines: ConnectionHealth[] = sids.map((sid) => connectionHealth(sid));
      await harness.report({ name: "gw-1", snapshotVersion: await snapshotVersion(database), lines });
    };
    await report(first.sid);
    const { watcher, moved } = watcherOf(database, clock);
    await watcher.start();
    assert.deepEqual(moved.splice(0), ["active", "told"]);
    const second = await activated(harness);
    await report(second.sid);
    clock.advance(interconnectLimits.watchIntervalMs - 1);
    assert.deepEqual(moved, []);
    clock.advance(1);
    await until(() => moved.length === 2 && clock.pendingTimers === 1, "the look after a second");
    const third = await activated(harness);
    await report(third.sid);
    moved.length = 0;
    watcher.notify();
    await until(() => moved.length === 2, "the look that was asked for");
    await watcher.close();
    assert.equal(clock.pendingTimers, 0);
    watcher.notify();
    clock.advance(10_000);
    assert.equal(clock.pendingTimers, 0);
  });

  test("a database that is away costs a line in the log; the next look finds the transition as it was", async () => {
    const harness = await interconnectHarness(await open());
    const { clock, database } = harness;
    const { sid, version } = await activated(harness);
    let isAway = true;
    const query: Database["query"] = (sql, parameters) =>
      isAway ? Promise.reject(new Error("away")) : database.query(sql, parameters);
    const flaky: Database = {
      counts: () => database.counts(),
      engine: database.engine,
      query,
      transaction: (work, options) => database.transaction(work, options),
      runScript: (sql) => database.runScript(sql),
      close: () => database.close(),
    };
    const { watcher, moved, errors } = watcherOf(flaky, clock);
    await watcher.start();
    assert.deepEqual([moved, errors], [[], ["connections-not-watched"]]);
    await harness.report({ name: "gw-1", snapshotVersion: version, lines: [connectionHealth(sid)] });
    isAway = false;
    clock.advance(interconnectLimits.watchIntervalMs);
    await until(() => moved.length === 2, "the next look");
    await watcher.close();
    assert.equal(await harness.statusOf(sid), "active");
  });

  test("the numbers of private lines", () => {
    assert.deepEqual(interconnectLimits, {
      transitionTimeoutMs: 60_000,
      watchIntervalMs: 1000,
      gatewaySilentAfterMs: 30_000,
      maximumCauseLength: 1000,
      shownTransitions: 10,
    });
  });
});
