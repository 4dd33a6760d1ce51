import assert from "node:assert/strict";
import { it } from "node:test";
import { NumberTable } from "./number-table.ts";

it("finds ports, and the largest number that it takes", () => {
  const table = new NumberTable<string>();
  const ports = Array.from({ length: 2000 }, (_, index) => 20_000 + 2 * index);
  for (const port of ports) table.set(port, `port ${port}`);
  table.set(0, "zero");
  table.set(2 ** 30 - 1, "largest");
  for (const port of ports) assert.equal(table.get(port), `port ${port}`);
  assert.deepEqual([table.get(0), table.get(2 ** 30 - 1), table.get(20_001)], ["zero", "largest", undefined]);
  for (const port of ports) assert.equal(table.delete(port), true);
  assert.equal(table.size, 2);
});
