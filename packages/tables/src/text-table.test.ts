import assert from "node:assert/strict";
import { it } from "node:test";
import { TextTable } from "./text-table.ts";

it("finds a text however it was put together", () => {
  const table = new TextTable<number>();
  const long = "z9hG4bK-0123456789 127.0.0.1:5060 INVITE";
  table.set(`${long.slice(0, 18)}${long.slice(18)}`, 1);
  assert.equal(table.get(`..${long}`.slice(2)), 1);
});

it("tells texts apart that have one hash", () => {
  const table = new TextTable<number>(() => 7);
  table.set("a", 1);
  table.set("b", 2);
  assert.deepEqual([table.get("a"), table.get("b"), table.get("c")], [1, 2, undefined]);
});
