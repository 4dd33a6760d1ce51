import assert from "node:assert/strict";
import { test } from "node:test";
import { numberOf, partOf, rowsOf, textOf, textsOf } from "./row.ts";

const row = {
  name: "a",
  none: null,
  count: 3,
  isOn: false,
  list: ["x", 1],
  rows: [{ a: 1 }, 2, null],
  part: { b: 2 },
};

test("fields that are not there, or of another kind, show as nothing", () => {
  assert.deepEqual(
    ["name", "none", "missing", "count", "isOn"].map((name) => textOf(row, name)),
    ["a", "", "", "3", "false"],
  );
  assert.equal(textOf(row, "part"), '{"b":2}');
  assert.equal(numberOf(row, "count"), 3);
  assert.equal(numberOf(row, "name"), undefined);
  assert.equal(numberOf({ count: Number.NaN }, "count"), undefined);
  assert.deepEqual(partOf(row, "part"), { b: 2 });
  assert.deepEqual([partOf(row, "list"), partOf(row, "none"), partOf(row, "name")], [{}, {}, {}]);
  assert.deepEqual(rowsOf(row, "rows"), [{ a: 1 }]);
  assert.deepEqual(rowsOf(row, "name"), []);
  assert.deepEqual(textsOf(row, "list"), ["x", "1"]);
  assert.deepEqual(textsOf(row, "none"), []);
});
