/** A few rows of the coverage, spread over all of it, are broken each time. All of them: `./tandem break all`. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { RowBreaker } from "./break-rows.ts";
import { chooseRows } from "./choose-rows.ts";
import { rfcOf } from "./coverage-row.ts";
import { readRows } from "./read-rows.ts";
import { TreeCopy } from "./tree-copy.ts";

const sample = chooseRows(await readRows(), [], Math.random);
assert.ok(typeof sample !== "string");

describe("a rule of an RFC, broken, is noticed by its test", { concurrency: false }, () => {
  let tree: TreeCopy | undefined;
  let breaker: RowBreaker | undefined;
  before(() => {
    tree = TreeCopy.of(join(import.meta.dirname, "..", ".."));
    breaker = new RowBreaker(tree);
  });
  after(() => tree?.remove());

  for (const row of sample) {
    it(`RFC ${rfcOf(row)} §${row.section} ${row.sentence}`, async () => {
      assert.deepEqual(await breaker?.verdictOn(row), { kind: "caught" });
    });
  }
});
