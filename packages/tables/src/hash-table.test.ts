import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { HashTable } from "./hash-table.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as (options?: { type: "minor" }) => void;

const tables: readonly (readonly [string, () => HashTable<string, number>])[] = [
  ["hashed", () => new HashTable((key) => Math.imul(Number(key.slice(4)) + 1, 0x9e3779b1) >>> 2)],
  ["all keys in one bucket", () => new HashTable(() => 7)],
  ["two buckets", () => new HashTable((key) => key.length & 1)],
  ["negative hashes", () => new HashTable((key) => -key.length)],
];

for (const [name, make] of tables) {
  describe(`HashTable, ${name}`, () => {
    it("finds what was set under exactly that key", () => {
      const table = make();
      table.set("a", 1);
      table.set("b", 2);
      table.set("ab", 3);
      assert.deepEqual(
        ["a", "b", "ab", "ba", ""].map((key) => table.get(key)),
        [1, 2, 3, undefined, undefined],
      );
      assert.equal(table.has("ab"), true);
      assert.equal(table.has("ba"), false);
      assert.equal(table.size, 3);
    });

    it("replaces a value and counts it once", () => {
      const table = make();
      table.set("a", 1);
      table.set("b", 2);
      table.set("a", 3);
      assert.equal(table.get("a"), 3);
      assert.equal(table.get("b"), 2);
      assert.equal(table.size, 2);
    });

    it("deletes first, middle and last, and leaves the others", () => {
      for (const gone of ["a", "b", "c", "d"]) {
        const table = make();
        ["a", "b", "c", "d"].forEach((key, index) => {
          table.set(key, index);
        });
        assert.equal(table.delete(gone), true);
        assert.equal(table.delete(gone), false);
        assert.equal(table.delete("never there"), false);
        assert.equal(table.get(gone), undefined);
        assert.equal(table.size, 3);
        const expected = [0, 1, 2, 3].filter((index) => index !== "abcd".indexOf(gone));
        assert.deepEqual(table.values(), expected);
        for (const index of expected) assert.equal(table.get("abcd".charAt(index)), index);
      }
    });

    it("does what a Map does, over many changes, while it grows and shrinks", () => {
      const table = make();
      const model = new Map<string, number>();
      let state = 1;
      for (let round = 0; round < 6000; round++) {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        // Mostly growing at first, mostly shrinking in the end.
        const key = `key ${(state >>> 8) % 400}`;
        if ((state >>> 16) % 6000 < round) {
          assert.equal(table.delete(key), model.delete(key));
        } else {
          table.set(key, round);
          model.set(key, round);
        }
        assert.equal(table.get(key), model.get(key));
        assert.equal(table.size, model.size);
      }
      assert.deepEqual(table.values(), [...model.values()]);
    });
  });
}

it("lets itself be changed while its values are looked at", () => {
  const table = new HashTable<number, number>((key) => key);
  for (let key = 0; key < 100; key++) table.set(key, key);
  const seen: number[] = [];
  for (const value of table.values()) {
    seen.push(value);
    table.delete(value);
    table.set(1000 + value, value);
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 100 }, (_, index) => index),
  );
  assert.equal(table.size, 100);
});

/** Bytes that collections of young objects leave of each entry that came and went while `live` others were there. */
function keptOfEntry(
  table: { set(key: number, value: object): unknown; delete(key: number): unknown },
  live: number,
): number {
  const entries = 2000;
  let next = 0;
  const turn = (): void => {
    table.set(next, { filler: Array.from({ length: 100 }, () => 0) });
    table.delete(next - live);
    next++;
  };
  for (let count = 0; count < 4 * live; count++) turn();
  collect();
  const before = getHeapStatistics().used_heap_size;
  for (let count = 0; count < entries; count++) turn();
  collect({ type: "minor" });
  collect({ type: "minor" });
  return (getHeapStatistics().used_heap_size - before) / entries;
}

for (const live of [1, 16, 200]) {
  it(`lets go of what comes and goes, with ${live} entries at a time`, () => {
    const kept = keptOfEntry(new HashTable<number, object>((key) => key), live);
    // A value alone has 840 bytes. What is left of them: the entries that are there, and what the test itself makes.
    assert.ok(kept < 300, `${kept.toFixed(0)} bytes are kept of each entry`);
  });
}

it("is better at that than a Map, or there is no need for it any more", () => {
  assert.ok(keptOfEntry(new Map<number, object>(), 16) > 600);
});
