import assert from "node:assert/strict";
import { test } from "node:test";
import { insertStatement, updateStatement } from "./assignments.ts";

test("values that are undefined are left out, null stays, JSON becomes text", () => {
  assert.deepEqual(insertStatement("t", { a: 1, b: undefined, c: null, d: { x: 1 } }), {
    text: "insert into t (a, c, d) values ($1, $2, $3)",
    values: [1, null, '{"x":1}'],
  });
  assert.deepEqual(updateStatement("t", "s", { a: false, b: undefined, c_d: "x" }), {
    text: "update t set a = $2, c_d = $3, date_updated = now() where sid = $1",
    values: ["s", false, "x"],
  });
  assert.deepEqual(updateStatement("t", "s", {}), {
    text: "update t set date_updated = now() where sid = $1",
    values: ["s"],
  });
});

test("dates and bytes are passed as they are", () => {
  const bytes = new Uint8Array([1]);
  const date = new Date(0);
  assert.deepEqual(insertStatement("t", { bytes, date }).values, [bytes, date]);
});

test("nothing but plain column names reaches the statement", () => {
  for (const name of ["a b", "a;", 'a"', "A", "1a", "a=1", ""]) {
    assert.throws(() => insertStatement("t", { [name]: 1 }), /no column name/, name);
  }
});
