import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { KernelPortPool } from "./kernel-port-pool.ts";

function poolOf(first: number, last: number): { readonly pool: KernelPortPool; readonly clock: HandClock } {
  const clock = new HandClock({ monotonicMs: 1000 });
  return { pool: new KernelPortPool({ clock, ports: { first, last }, quarantineMs: 2000 }), clock };
}

describe("kernel port pool", () => {
  const ranges: readonly (readonly [first: number, last: number, taken: readonly number[]])[] = [
    [100, 103, [100, 102]],
    [101, 105, [102, 104]],
    [100, 104, [100, 102]],
    [100, 100, []],
    [100, 101, [100]],
  ];
  for (const [first, last, taken] of ranges) {
    test(`${first} to ${last} has ${taken.length} pairs`, () => {
      const { pool } = poolOf(first, last);
      assert.equal(pool.free, taken.length);
      for (const port of taken) assert.equal(pool.take(), port);
      assert.equal(pool.take(), undefined);
    });
  }

  test("a pair rests for the quarantine, to the millisecond, and goes to the end of the row", () => {
    const { pool, clock } = poolOf(100, 105);
    assert.equal(pool.take(), 100);
    pool.release(100);
    assert.deepEqual([pool.free, pool.quarantined], [2, 1]);
    clock.advance(1999);
    assert.equal(pool.quarantined, 1);
    clock.advance(1);
    assert.deepEqual([pool.free, pool.quarantined], [3, 0]);
    assert.deepEqual([pool.take(), pool.take(), pool.take()], [102, 104, 100]);
  });

  test("a certain pair is taken once, while it is free", () => {
    const { pool } = poolOf(100, 103);
    assert.equal(pool.takeAt(102), true);
    assert.equal(pool.takeAt(102), false);
    assert.equal(pool.takeAt(101), false);
    assert.equal(pool.takeAt(104), false);
    pool.release(102);
    assert.equal(pool.takeAt(102), false);
    assert.equal(pool.take(), 100);
  });
});
