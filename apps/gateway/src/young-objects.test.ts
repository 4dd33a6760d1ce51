import assert from "node:assert/strict";
import { test } from "node:test";
import { getHeapSpaceStatistics } from "node:v8";
import { promoteYoungObjects } from "./young-objects.ts";

function usedBytes(space: string): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === space)?.space_used_size ?? 0;
}

test("what is in use is no young object any more, what is not is gone", () => {
  promoteYoungObjects();
  const oldBytes = usedBytes("old_space");
  const kept = Array.from({ length: 20_000 }, (_, index) => ({ index, text: `${index}` }));
  assert.ok(usedBytes("new_space") > 1_000_000, "they are made young");
  promoteYoungObjects();
  assert.ok(usedBytes("new_space") < 200_000, `${usedBytes("new_space")} bytes are young`);
  assert.ok(usedBytes("old_space") - oldBytes > 500_000, "they are in the old generation");
  assert.equal(kept.at(-1)?.index, 19_999);
  assert.equal(globalThis.gc, undefined);
});
