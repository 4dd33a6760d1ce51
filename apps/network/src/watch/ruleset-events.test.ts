import assert from "node:assert/strict";
import { test } from "node:test";
import { RulesetEvents } from "./ruleset-events.ts";

/** As nftables 1.0.6 wrote it. */
const flushed = `delete rule inet tandem pre handle 6
delete set inet tandem routes
delete counter inet tandem forwarded
delete chain inet tandem pre
delete table inet tandem
# new generation 3 by process 17774 (nft)`;

const told = (text: string, ours: number): readonly boolean[] => {
  const events = new RulesetEvents((pid) => pid === ours);
  return text.split("\n").map((line) => events.isForeign(line));
};

test("what another process did to our table is told when its transaction ends, once", () => {
  assert.deepEqual(told(flushed, 17773), [false, false, false, false, false, true]);
  assert.deepEqual(told(`${flushed}\n# new generation 4 by process 9 (nft)`, 17773).at(-1), false);
});

test("what we did ourselves is no news", () => {
  assert.equal(told(flushed, 17774).includes(true), false);
});

test("nor is what was done to another table, even one with a longer name", () => {
  const other =
    "add table inet tandem2\nadd chain inet tandem2 x\nadd table ip nat\n# new generation 5 by process 1 (nft)";
  assert.equal(told(other, 17774).includes(true), false);
  assert.equal(told("delete table inet tandem\n# new generation 5 by process 1 (nft)", 2).at(-1), true);
});
