import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TextTable } from "./text-table.ts";

const tables: readonly (readonly [string, () => TextTable<number>])[] = [
  ["hashed", () => new TextTable<number>()],
  ["all texts in one chain", () => new TextTable<number>(() => 7)],
  ["two chains", () => new TextTable<number>((key) => key.length & 1)],
];

for (const [name, make] of tables) {
  describe(`TextTable, ${name}`, () => {
    it("finds what was set under exactly that text", () => {
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
        table.delete(gone);
        table.delete(gone);
        table.delete("never there");
        assert.equal(table.get(gone), undefined);
        assert.equal(table.size, 3);
        const expected = [0, 1, 2, 3].filter((index) => index !== "abcd".indexOf(gone));
        assert.deepEqual(
          [...table.values()].toSorted((a, b) => a - b),
          expected,
        );
        for (const index of expected) assert.equal(table.get("abcd".charAt(index)), index);
      }
    });

    it("does what a Map does, over many changes", () => {
      const table = make();
      const model = new Map<string, number>();
      let state = 1;
      for (let round = 0; round < 3000; round++) {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        const key = `key ${(state >>> 8) % 40}`;
        if ((state >>> 16) % 3 === 0) {
          table.delete(key);
          model.delete(key);
        } else {
          table.set(key, round);
          model.set(key, round);
        }
        assert.equal(table.get(key), model.get(key));
        assert.equal(table.size, model.size);
      }
      assert.deepEqual(
        [...table.values()].toSorted((a, b) => a - b),
        [...model.values()].toSorted((a, b) => a - b),
      );
    });
  });
}

it("finds a text however it was put together", () => {
  const table = new TextTable<number>();
  const long = "z9hG4bK-0123456789 127.0.0.1:5060 INVITE";
  table.set(`${long.slice(0, 18)}${long.slice(18)}`, 1);
  assert.equal(table.get(`..${long}`.slice(2)), 1);
});
