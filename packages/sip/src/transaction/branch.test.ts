import assert from "node:assert/strict";
import { test } from "node:test";
import { BranchGenerator } from "./branch.ts";

test("a branch has the magic cookie, the prefix, a counter and 48 random bits, and no two are alike", () => {
  const branches = new BranchGenerator("gw1-");
  const made = Array.from({ length: 2000 }, () => branches.next());
  for (const branch of made) assert.match(branch, /^z9hG4bKgw1-[0-9a-z]+\.[0-9a-f]{12}$/);
  assert.equal(made[0]?.slice(0, 13), "z9hG4bKgw1-0.");
  assert.equal(made[36]?.slice(0, 14), "z9hG4bKgw1-10.");
  // The random part alone is unique too, beyond one filling of the pool (682 branches).
  assert.equal(new Set(made.map((branch) => branch.slice(branch.indexOf(".")))).size, made.length);
});

test("two generators with one prefix do not meet", () => {
  assert.notEqual(new BranchGenerator("a").next(), new BranchGenerator("a").next());
});
