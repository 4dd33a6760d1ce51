import assert from "node:assert/strict";
import { test } from "node:test";
import { address, exampleLine, network, secondLine } from "../testing/example-lines.ts";
import { policyRules, rulePriorities } from "./policy-rules.ts";

const pool = network("100.127.0.0/16");

test("two lines in two blocks of 32", () => {
  assert.deepEqual(policyRules(pool, [exampleLine(), secondLine()]), [
    "pref 12100 nop",
    "pref 12090 from 100.127.0.0/16 unreachable",
    "pref 10010 from 100.127.0.1/32 lookup 1001",
    "pref 10011 from 100.127.0.33/32 lookup 1002",
    "pref 10002 from 100.127.0.0/16 unreachable",
    "pref 10001 from 100.127.0.0/27 goto 10010",
    "pref 10001 from 100.127.0.32/27 goto 10011",
    "pref 10000 not from 100.127.0.0/16 goto 12100",
  ]);
});

test("the last address of a block is in it, the next one is not", () => {
  const lines = ["100.127.0.31", "100.127.0.32"].map((text) => exampleLine({ localAddress: address(text) }));
  const jumps = policyRules(pool, lines).filter((rule) => rule.startsWith("pref 10001 "));
  assert.equal(jumps.length, 2);
});

test("a thousand lines: nobody passes more than 64 rules on the way to his own, and the internet's packets one", () => {
  const lines = Array.from({ length: 1000 }, (_, index) => exampleLine({ localAddress: pool.first + index }));
  const rules = policyRules(pool, lines).map((rule) => Number(/^pref (\d+)/.exec(rule)?.[1]));
  const perPriority = new Map<number, number>();
  for (const priority of rules) perPriority.set(priority, (perPriority.get(priority) ?? 0) + 1);
  assert.equal(perPriority.get(rulePriorities.passBy), 1);
  assert.equal(perPriority.get(rulePriorities.toBlock), 32);
  const blocks = [...perPriority].filter(
    ([priority]) => priority >= rulePriorities.firstBlock && priority < rulePriorities.noLine,
  );
  assert.ok(blocks.every(([, count]) => count <= 32));
});

test("wherever the pool is, a block's priority lies between the rules around it", () => {
  for (const text of ["0.0.0.1", "100.127.255.255", "10.0.0.0", "255.255.255.255"]) {
    const [, , lookup = ""] = policyRules(pool, [exampleLine({ localAddress: address(text) })]);
    const priority = Number(/^pref (\d+)/.exec(lookup)?.[1]);
    assert.ok(priority > rulePriorities.noBlock && priority < rulePriorities.noLine, `${text}: ${priority}`);
  }
});
