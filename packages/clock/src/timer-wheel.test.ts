import assert from "node:assert/strict";
import { test } from "node:test";
import { TimerWheel } from "./timer-wheel.ts";

function wheel(): { wheel: TimerWheel; fired: string[]; errors: unknown[]; idle: () => number } {
  const errors: unknown[] = [];
  let idle = 0;
  return {
    wheel: new TimerWheel(
      (error) => errors.push(error),
      () => idle++,
    ),
    fired: [],
    errors,
    idle: () => idle,
  };
}

/** One tick per millisecond, so that due time and tick agree. */
function add(w: TimerWheel, tick: number, fired: string[], name = String(tick)) {
  return w.add(tick, tick, (list: string[]) => list.push(name), fired);
}

// Both sides of every border between levels (64, 64², 64³, 64⁴) and of the horizon (64⁵ - 64⁴).
const borders = [64, 4096, 262_144, 16_777_216, 1_056_964_608].flatMap((tick) => [tick - 1, tick, tick + 1]);
for (const tick of [1, 2, 63, ...borders, 3_000_000_000]) {
  test(`a timer for tick ${tick} fires in that tick and not in the one before`, () => {
    const { wheel: w, fired } = wheel();
    add(w, tick, fired);
    w.advanceTo(tick - 1);
    assert.deepEqual(fired, []);
    w.advanceTo(tick);
    assert.deepEqual(fired, [String(tick)]);
    assert.equal(w.pending, 0);
    assert.equal(w.nextTick(), undefined);
  });

  test(`so it does when the wheel has turned to an odd place before (tick ${tick} from 5003)`, () => {
    const { wheel: w, fired } = wheel();
    w.advanceTo(5003);
    add(w, 5003 + tick, fired, "x");
    w.advanceTo(5003 + tick - 1);
    assert.deepEqual(fired, []);
    w.advanceTo(5003 + tick);
    assert.deepEqual(fired, ["x"]);
  });
}

test("the wheel agrees with a sorted list for thousands of timers, cancels and odd steps", () => {
  const { wheel: w, fired } = wheel();
  let seed = 7;
  const random = (limit: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return seed % limit;
  };
  const expected: { tick: number; name: string }[] = [];
  const spans = [3, 70, 5000, 300_000];
  for (let step = 0; step < 400; step++) {
    for (let i = 0; i < 10; i++) {
      const tick = w.currentTick + 1 + random(spans[random(4)] as number);
      const timer = add(w, tick, fired, `${tick}/${step}.${i}`);
      if (random(3) === 0) timer.cancel();
      else expected.push({ tick, name: `${tick}/${step}.${i}` });
    }
    w.advanceTo(w.currentTick + random(spans[random(4)] as number));
    const due = expected.filter((entry) => entry.tick <= w.currentTick).sort((a, b) => a.tick - b.tick);
    assert.deepEqual(
      fired.splice(0),
      due.map((entry) => entry.name),
    );
    for (const entry of due) expected.splice(expected.indexOf(entry), 1);
    assert.equal(w.pending, expected.length);
  }
});

test("nextTick never lies beyond the first timer that is due", () => {
  const { wheel: w, fired } = wheel();
  add(w, 5000, fired);
  add(w, 70, fired);
  const visited: number[] = [];
  for (let next = w.nextTick(); next !== undefined; next = w.nextTick()) {
    visited.push(next);
    w.advanceTo(next);
  }
  assert.deepEqual(fired, ["70", "5000"]);
  // 64 and 4096, 4992 only move timers to a finer level.
  assert.deepEqual(visited, [64, 70, 4096, 4992, 5000]);
});

test("within one tick timers fire by due time, then by order of scheduling", () => {
  const { wheel: w, fired } = wheel();
  for (const [dueMs, name] of [
    [9.5, "third"],
    [9.1, "first"],
    [9.5, "fourth"],
    [9.2, "second"],
  ] as const) {
    w.add(dueMs, 10, (list: string[]) => list.push(name), fired);
  }
  w.advanceTo(10);
  assert.deepEqual(fired, ["first", "second", "third", "fourth"]);
});

test("a tick that has passed counts as the next one", () => {
  const { wheel: w, fired } = wheel();
  w.advanceTo(100);
  add(w, 40, fired);
  add(w, 100, fired);
  w.advanceTo(100);
  assert.deepEqual(fired, []);
  assert.equal(w.nextTick(), 101);
  w.advanceTo(101);
  assert.deepEqual(fired, ["40", "100"]);
});

test("timers scheduled while others fire are part of the same advance when they are due in it", () => {
  const { wheel: w, fired } = wheel();
  w.add(5, 5, () => add(w, 6, fired), undefined);
  w.add(5, 5, () => add(w, 9, fired), undefined);
  w.advanceTo(8);
  assert.deepEqual(fired, ["6"]);
  w.advanceTo(9);
  assert.deepEqual(fired, ["6", "9"]);
});

test("a timer can cancel another one of the same tick", () => {
  const { wheel: w, fired } = wheel();
  w.add(5, 5, () => second.cancel(), undefined);
  const second = add(w, 5, fired);
  w.advanceTo(5);
  assert.deepEqual(fired, []);
  assert.equal(w.pending, 0);
});

test("cancel is idempotent, also after firing, and counts once", () => {
  const { wheel: w, fired } = wheel();
  const first = add(w, 5, fired);
  add(w, 5, fired, "other");
  assert.equal(first.isPending, true);
  first.cancel();
  first.cancel();
  assert.equal(first.isPending, false);
  assert.equal(w.pending, 1);
  const late = add(w, 7, fired, "late");
  w.advanceTo(7);
  assert.equal(late.isPending, false);
  late.cancel();
  assert.equal(w.pending, 0);
  assert.deepEqual(fired, ["other", "late"]);
});

test("a timer is over inside its own onExpire, and cancelling it there changes nothing", () => {
  const { wheel: w } = wheel();
  const states: boolean[] = [];
  const timer = w.add(
    1,
    1,
    () => {
      states.push(timer.isPending);
      timer.cancel();
    },
    undefined,
  );
  w.advanceTo(1);
  assert.deepEqual(states, [false]);
  assert.equal(w.pending, 0);
});

test("an onExpire that throws is reported and stops nobody else", () => {
  const { wheel: w, fired, errors } = wheel();
  const error = new Error("broken");
  add(w, 3, fired, "before");
  w.add(
    3,
    3,
    () => {
      throw error;
    },
    undefined,
  );
  add(w, 3, fired, "after");
  add(w, 4, fired, "next tick");
  w.advanceTo(4);
  assert.deepEqual(fired, ["before", "after", "next tick"]);
  assert.deepEqual(errors, [error]);
  assert.equal(w.pending, 0);
});

test("the owner hears when the last timer was cancelled, and only then", () => {
  const { wheel: w, fired, idle } = wheel();
  const first = add(w, 3, fired);
  const second = add(w, 300, fired);
  first.cancel();
  assert.equal(idle(), 0);
  second.cancel();
  assert.equal(idle(), 1);
});

test("clear drops all levels and the rest of the tick that is being fired", () => {
  const { wheel: w, fired } = wheel();
  w.add(5, 5, () => w.clear(), undefined);
  const timers = [5, 6, 100, 10_000, 500_000].map((tick) => add(w, tick, fired));
  w.advanceTo(5);
  assert.equal(w.pending, 0);
  assert.equal(w.nextTick(), undefined);
  assert.deepEqual(
    timers.map((timer) => timer.isPending),
    [false, false, false, false, false],
  );
  w.advanceTo(1_000_000);
  assert.deepEqual(fired, []);
  add(w, 1_000_001, fired, "still usable");
  w.advanceTo(1_000_001);
  assert.deepEqual(fired, ["still usable"]);
});

test("100,000 timers, half of them cancelled", () => {
  const { wheel: w } = wheel();
  let count = 0;
  const timers = Array.from({ length: 100_000 }, (_, i) =>
    w.add(i % 6400, 1 + (i % 6400), () => count++, undefined),
  );
  for (let i = 0; i < timers.length; i += 2) timers[i]?.cancel();
  assert.equal(w.pending, 50_000);
  w.advanceTo(6400);
  assert.equal(count, 50_000);
  assert.equal(w.pending, 0);
});

test("a cancelled timer leaves its slot at once, so that nobody wakes up for it", () => {
  const { wheel: w, fired } = wheel();
  const near = add(w, 5, fired);
  const besideIt = add(w, 5, fired);
  add(w, 5000, fired);
  near.cancel();
  assert.equal(w.nextTick(), 5);
  assert.equal(near.isAlone, true);
  besideIt.cancel();
  assert.equal(w.nextTick(), 4096);
});
