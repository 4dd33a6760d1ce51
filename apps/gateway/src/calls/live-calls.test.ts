import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import type { LiveCall } from "@tandem/contracts";
import { EndedCalls } from "./ended-calls.ts";
import { type GatewayCall, LiveCalls } from "./live-calls.ts";
import { TrunkLimits } from "./trunk-limits.ts";

function callDouble(callSid: string, trunkSid: string | null = "TK1"): GatewayCall {
  return {
    callSid,
    trunkSid,
    isLeg: false,
    transferable: undefined,
    usesInterface: (name: string) => name === `${callSid} interface`,
    onConnectionDown: () => {},
    hasSipCallId: (callId) => callId === `sip-${callSid}`,
    describe: () => ({ sid: callSid }) as LiveCall,
    hangUp: () => {},
    lookAtMedia: () => {},
    fail: () => {},
  };
}

function table(): { calls: LiveCalls; limits: TrunkLimits } {
  const clock = new HandClock();
  const limits = new TrunkLimits(clock);
  return { calls: new LiveCalls(limits, new EndedCalls(clock)), limits };
}

test("calls are found by SID and by the Call-ID of a leg", () => {
  const { calls } = table();
  const one = callDouble("CA1");
  calls.add(one);
  calls.add(callDouble("CA2"));
  assert.equal(calls.size, 2);
  assert.equal(calls.bySid("CA1"), one);
  assert.equal(calls.bySid("CA3"), undefined);
  assert.equal(calls.bySipCallId("sip-CA1"), one);
  assert.equal(calls.bySipCallId("sip-CA3"), undefined);
  assert.deepEqual(
    calls.list().map((call) => call.sid),
    ["CA1", "CA2"],
  );
});

test("a call counts for its trunk while it is there, once", () => {
  const { calls, limits } = table();
  calls.add(callDouble("CA1"));
  calls.add(callDouble("CA2"));
  calls.add(callDouble("CA3", null));
  assert.equal(limits.callsOf("TK1"), 2);
  calls.remove("CA1");
  calls.remove("CA1");
  calls.remove("CA3");
  calls.remove("unknown");
  assert.equal(limits.callsOf("TK1"), 1);
  assert.equal(calls.size, 1);
});

test("a call that entered here is told of behind its end, a leg is not", () => {
  const { calls } = table();
  calls.add(callDouble("CA1"));
  calls.add({ ...callDouble("CA2"), isLeg: true });
  assert.deepEqual(calls.listEnded(), []);
  calls.remove("CA1");
  calls.remove("CA1");
  calls.remove("CA2");
  assert.deepEqual(
    calls.listEnded().map((call) => call.sid),
    ["CA1"],
  );
  assert.deepEqual(calls.list(), []);
});

test("everybody who waits for the last call to go is told, and at once when there is none", async () => {
  const { calls } = table();
  await calls.whenEmpty();
  calls.add(callDouble("CA1"));
  calls.add(callDouble("CA2"));
  const told: string[] = [];
  const waiting = [
    calls.whenEmpty().then(() => told.push("first")),
    calls.whenEmpty().then(() => told.push("second")),
  ];
  calls.remove("CA1");
  await Promise.resolve();
  assert.deepEqual(told, []);
  calls.remove("CA2");
  await Promise.all(waiting);
  assert.deepEqual(new Set(told), new Set(["first", "second"]));
});
