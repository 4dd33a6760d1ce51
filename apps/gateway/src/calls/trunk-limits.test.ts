import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { TrunkLimits } from "./trunk-limits.ts";

test("calls at a time go up and down, and never below none", () => {
  const limits = new TrunkLimits(new HandClock());
  assert.equal(limits.callsOf("TK1"), 0);
  limits.begin("TK1");
  limits.begin("TK1");
  limits.begin("TK2");
  assert.equal(limits.callsOf("TK1"), 2);
  limits.end("TK1");
  assert.equal(limits.callsOf("TK1"), 1);
  assert.deepEqual(limits.callsHere(), [
    { trunkSid: "TK1", calls: 1 },
    { trunkSid: "TK2", calls: 1 },
  ]);
  limits.end("TK1");
  limits.end("TK1");
  assert.equal(limits.callsOf("TK1"), 0);
  assert.equal(limits.callsOf("TK2"), 1);
});

test("where limits are shared, calls elsewhere count, and what is let in here is told", () => {
  const limits = new TrunkLimits(new HandClock());
  const told: string[] = [];
  limits.shareWith({
    callsOf: (sid) => (sid === "TK1" ? 3 : 0),
    onTake: (sid) => told.push(sid),
  });
  limits.begin("TK1");
  limits.begin("TK2");
  assert.deepEqual([limits.callsOf("TK1"), limits.callsOf("TK2")], [4, 1]);
  assert.deepEqual([limits.take("TK1", 1), limits.take("TK1", 1)], [true, false]);
  limits.mayTake("TK2", 1);
  assert.deepEqual(told, ["TK1"], "not what was refused, nor what was only asked");
  limits.takenElsewhere("TK2", 1, 1, 1);
  assert.equal(limits.take("TK2", 1), false);
  limits.retain(new Set());
  assert.equal(limits.take("TK2", 1), true);
});
