import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import type { LiveCall } from "@tandem/contracts";
import { EndedCalls, endedCallMs, maximumEndedCalls } from "./ended-calls.ts";

const call = (sid: string) => ({ sid }) as LiveCall;
const sids = (calls: EndedCalls) => calls.list().map(({ sid }) => sid);

test("a call that has ended is told of for its time, and no longer", () => {
  const clock = new HandClock();
  const calls = new EndedCalls(clock);
  calls.add(call("CA1"));
  clock.advance(1);
  calls.add(call("CA2"));
  clock.advance(endedCallMs - 2);
  assert.deepEqual(sids(calls), ["CA1", "CA2"]);
  clock.advance(1);
  assert.deepEqual(sids(calls), ["CA2"]);
  clock.advance(1);
  assert.deepEqual(sids(calls), []);
});

test("of too many the oldest are forgotten", () => {
  const calls = new EndedCalls(new HandClock());
  for (let index = 0; index < maximumEndedCalls; index += 1) calls.add(call(`CA${index}`));
  assert.equal(sids(calls)[0], "CA0");
  calls.add(call("CA"));
  assert.equal(sids(calls).length, maximumEndedCalls);
  assert.deepEqual([sids(calls)[0], sids(calls).at(-1)], ["CA1", "CA"]);
});
