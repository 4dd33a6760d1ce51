import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Fifo } from "./fifo.ts";

describe("Fifo", () => {
  test("gives back in order, across its own compaction", () => {
    const fifo = new Fifo<number>();
    const out: (number | undefined)[] = [];
    for (let i = 0; i < 300; i += 1) {
      fifo.push(i);
      if (i % 3 !== 0) out.push(fifo.shift());
    }
    assert.equal(fifo.size, 300 - out.length);
    while (fifo.size > 0) out.push(fifo.shift());
    assert.deepEqual(
      out,
      Array.from({ length: 300 }, (_, i) => i),
    );
    assert.equal(fifo.shift(), undefined);
    assert.equal(fifo.first, undefined);
    assert.equal(fifo.size, 0);
  });

  test("shows its head without taking it", () => {
    const fifo = new Fifo<string>();
    fifo.push("a");
    fifo.push("b");
    assert.equal(fifo.first, "a");
    assert.equal(fifo.size, 2);
    fifo.shift();
    assert.equal(fifo.first, "b");
  });

  test("removes from the middle, but not what has left already", () => {
    const fifo = new Fifo<string>();
    for (const item of ["a", "b", "c"]) fifo.push(item);
    fifo.shift();
    assert.equal(fifo.remove("a"), false);
    assert.equal(fifo.remove("b"), true);
    assert.equal(fifo.remove("b"), false);
    assert.deepEqual(fifo.drain(), ["c"]);
    assert.equal(fifo.size, 0);
  });
});
