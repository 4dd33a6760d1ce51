import assert from "node:assert/strict";
import { test } from "node:test";
import { maximumRecentEntries, RecentTable } from "./recent-table.ts";

test("as many entries as the limit are kept, one more begins anew", () => {
  const table = new RecentTable<number, string>();
  for (let key = 0; key < maximumRecentEntries; key++) assert.equal(table.keep(key, `${key}`), `${key}`);
  assert.deepEqual([table.size, table.get(0)], [maximumRecentEntries, "0"]);
  table.keep(maximumRecentEntries, "one more");
  assert.deepEqual([table.size, table.get(0), table.get(maximumRecentEntries)], [1, undefined, "one more"]);
});
