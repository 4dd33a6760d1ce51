import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { ConnectionHealth, validator } from "@tandem/contracts";
import { ConnectionHealthTable, type LineChange } from "./connection-health-table.ts";

const noon = Date.UTC(2026, 0, 1, 12, 0, 3);

function script(...sids: readonly string[]) {
  const clock = new HandClock({ monotonicMs: 50_000, wallMs: noon });
  const changes: LineChange[] = [];
  const table = new ConnectionHealthTable({ clock, onChange: (change) => changes.push(change) });
  table.setLines(new Set(sids));
  return { clock, table, changes };
}

function report(sid: string, changes: Partial<ConnectionHealth> = {}): ConnectionHealth {
  return {
    sid,
    state: "up",
    reason: null,
    sinceMs: noon - 1000,
    link: "up",
    route: "present",
    bgp: "Established",
    bfd: null,
    receivedBytes: 7,
    sentBytes: 8,
    ...changes,
  };
}

const down = (sid: string): ConnectionHealth =>
  report(sid, { state: "down", link: "down", reason: "link down" });

test("a line that is down is told with time and reason, the time being the agent's", () => {
  const { table, changes } = script("TX1", "TX2");
  table.learnFromAgent([down("TX1"), report("TX2")]);
  assert.deepEqual(table.objectionTo("TX1"), {
    text: "line TX1 is down since 12:00:02: link down",
    mayBeTried: true,
  });
  assert.equal(table.objectionTo("TX2"), undefined);
  assert.deepEqual(changes, [
    { sid: "TX1", before: "unknown", after: "down", text: "line TX1 is down since 12:00:02: link down" },
    { sid: "TX2", before: "unknown", after: "up", text: undefined },
  ]);
});

test("silence is told with our time", () => {
  const { table, clock } = script("TX1");
  clock.advance(4000);
  table.learn("TX1", { kind: "unanswered", target: "a" });
  table.learn("TX1", { kind: "unanswered", target: "a" });
  assert.equal(table.objectionTo("TX1")?.text, "line TX1 is down since 12:00:07: nothing answers over it");
});

test("a line without sockets can't be tried at all", () => {
  const { table } = script("TX1");
  table.learn("TX1", { kind: "unbound", text: "100.127.0.1: EADDRNOTAVAIL" });
  assert.deepEqual(table.objectionTo("TX1"), {
    text: "line TX1 is not on this gateway: 100.127.0.1: EADDRNOTAVAIL",
    mayBeTried: false,
  });
});

test("a change is told once", () => {
  const { table, changes } = script("TX1");
  for (let times = 0; times < 3; times += 1) table.learnFromAgent([down("TX1")]);
  assert.equal(changes.length, 1);
});

test("a line whose link is back is up after 2 s by itself, an agent that has gone knows nothing", () => {
  const { table, changes, clock } = script("TX1");
  table.learnFromAgent([down("TX1")]);
  table.learnFromAgent([report("TX1")]);
  clock.advance(1999);
  assert.equal(table.describe()[0]?.state, "down");
  clock.advance(1);
  assert.equal(table.describe()[0]?.state, "up");
  table.learnFromAgent(undefined);
  assert.equal(table.describe()[0]?.state, "unknown");
  assert.deepEqual(
    changes.map((change) => change.after),
    ["down", "up", "unknown"],
  );
  assert.equal(clock.pendingTimers, 0);
});

test("a line that the agent leaves out is unknown", () => {
  const { table } = script("TX1", "TX2");
  table.learnFromAgent([down("TX1"), report("TX2")]);
  table.learnFromAgent([report("TX2")]);
  assert.deepEqual(
    table.describe().map((line) => line.state),
    ["unknown", "up"],
  );
});

test("what is described is of the contract, with what the agent counted", () => {
  const { table } = script("TX1", "TX2");
  table.learnFromAgent([down("TX1")]);
  const [first, second] = table.describe();
  assert.deepEqual(first, { ...down("TX1"), sinceMs: noon - 1000 });
  assert.deepEqual(second, {
    ...report("TX2"),
    state: "unknown",
    sinceMs: noon,
    link: "unknown",
    route: "unknown",
    bgp: null,
    receivedBytes: null,
    sentBytes: null,
  });
  for (const one of table.describe()) assert.ok(validator(ConnectionHealth)(one).ok);
});

test("lines that stay keep what is known, others are forgotten with their timers", () => {
  const { table, clock } = script("TX1", "TX2");
  table.learnFromAgent([down("TX1"), down("TX2")]);
  table.learnFromAgent([report("TX1"), down("TX2")]);
  assert.equal(clock.pendingTimers, 1);
  table.setLines(new Set(["TX2", "TX3"]));
  assert.equal(clock.pendingTimers, 0);
  assert.deepEqual(
    table.describe().map((line) => [line.sid, line.state]),
    [
      ["TX2", "down"],
      ["TX3", "unknown"],
    ],
  );
  table.learn("TX1", { kind: "answered", target: "a" });
  assert.equal(table.objectionTo("TX1"), undefined);
  assert.equal(table.describe().length, 2);
  table.close();
  assert.deepEqual(table.describe(), []);
});
