import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { BegunCalls, begunMemoryMs, maximumBegunCounts } from "./begun-calls.ts";
import { exchangeTiming } from "./count-exchange.ts";

test("calls are counted by trunk, and the count only grows while calls come", () => {
  const clock = new HandClock();
  const begun = new BegunCalls(clock);
  begun.add("TK1");
  begun.add("TK1");
  begun.add("TK2");
  assert.deepEqual(
    [...begun.counts()],
    [
      ["TK1", 2],
      ["TK2", 1],
    ],
  );
  clock.advance(begunMemoryMs - 1);
  begun.add("TK1");
  clock.advance(1);
  assert.deepEqual([...begun.counts()], [["TK1", 3]]);
});

test("a trunk that rests is forgotten, and begins anew", () => {
  const clock = new HandClock();
  const begun = new BegunCalls(clock);
  begun.add("TK1");
  clock.advance(begunMemoryMs - 1);
  assert.equal(begun.counts().get("TK1"), 1);
  clock.advance(1);
  assert.equal(begun.counts().get("TK1"), undefined);
  begun.add("TK1");
  assert.equal(begun.counts().get("TK1"), 1);
});

test("who still believes a gateway has seen each of its counts before it is forgotten", () => {
  assert.ok(begunMemoryMs > exchangeTiming.expiryMs + exchangeTiming.timeoutMs);
});

test("so many trunks have a count, and not one more", () => {
  const begun = new BegunCalls(new HandClock());
  for (let index = 0; index <= maximumBegunCounts; index += 1) begun.add(`TK${index}`);
  const counts = begun.counts();
  assert.equal(counts.size, maximumBegunCounts);
  assert.equal(counts.get(`TK${maximumBegunCounts - 1}`), 1);
  assert.equal(counts.get(`TK${maximumBegunCounts}`), undefined);
  begun.add("TK0");
  assert.equal(begun.counts().get("TK0"), 2);
});
