import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import type { OverloadFeedback } from "@tandem/sip/message";
import type { Target } from "@tandem/sip/transport";
import {
  longestValidityMs,
  maximumOverloadedTargets,
  OverloadedTargets,
  overflowBelow,
} from "./overloaded-targets.ts";

const target: Target = {
  interfaceName: "carriers",
  connection: undefined,
  protocol: "UDP",
  address: "203.0.113.7",
  port: 5060,
};

function feedback(percentage: number, validityMs: number, whole?: number, fraction = 0): OverloadFeedback {
  return { percentage, validityMs, sequence: whole === undefined ? undefined : { whole, fraction } };
}

function script(random: () => number = () => 0.5) {
  const clock = new HandClock();
  const reduced: number[] = [];
  const targets = new OverloadedTargets(clock, random, (_target, { percentage }) => reduced.push(percentage));
  return { clock, targets, reduced };
}

test("the share is shed: as many of a hundred draws as it says, none at 0, all at 100", () => {
  for (const percentage of [0, 1, 20, 95, 99, 100]) {
    let draw = -1;
    const { targets } = script(() => {
      draw += 1;
      return draw / 100;
    });
    targets.onFeedback(feedback(percentage, 500, 1), target);
    let shed = 0;
    for (let call = 0; call < 100; call += 1) if (targets.sheds(target)) shed += 1;
    assert.equal(shed, percentage);
    assert.equal(targets.shed, percentage);
  }
});

test("it holds for its validity, and not a millisecond longer", () => {
  const { clock, targets, reduced } = script();
  targets.onFeedback(feedback(60, 700, 1), target);
  clock.advance(699);
  assert.equal(targets.percentageOf(target), 60);
  clock.advance(1);
  assert.equal(targets.percentageOf(target), 0);
  assert.equal(targets.size, 0);
  targets.onFeedback(feedback(30, 700, 1), target);
  assert.equal(targets.percentageOf(target), 30, "what has expired is forgotten with its number");
  assert.deepEqual(reduced, [60, 30]);
});

test("the same number changes nothing, a lower one neither, a higher one starts the time anew", () => {
  const { clock, targets, reduced } = script();
  targets.onFeedback(feedback(60, 700, 5, 10), target);
  clock.advance(600);
  targets.onFeedback(feedback(10, 700, 5, 10), target);
  targets.onFeedback(feedback(20, 700, 5, 9), target);
  targets.onFeedback(feedback(0, 0, 4, 99_999), target);
  assert.equal(targets.percentageOf(target), 60);
  clock.advance(100);
  assert.equal(targets.percentageOf(target), 0);
  targets.onFeedback(feedback(60, 700, 5, 10), target);
  clock.advance(600);
  targets.onFeedback(feedback(40, 700, 5, 11), target);
  clock.advance(600);
  assert.equal(targets.percentageOf(target), 40);
  assert.deepEqual(reduced, [60, 60], "told once while it lasts");
});

test("a number far below the last one is a server that counts anew", () => {
  const { targets } = script();
  targets.onFeedback(feedback(60, 700, 5000), target);
  targets.onFeedback(feedback(50, 700, 5000 - overflowBelow + 1), target);
  assert.equal(targets.percentageOf(target), 60);
  targets.onFeedback(feedback(40, 700, 5000 - overflowBelow), target);
  assert.equal(targets.percentageOf(target), 40);
  targets.onFeedback(feedback(30, 700, 5000 - overflowBelow + 1), target);
  assert.equal(targets.percentageOf(target), 30);
});

test("without a number what comes last counts", () => {
  const { targets } = script();
  targets.onFeedback(feedback(60, 700, 5), target);
  targets.onFeedback(feedback(20, 700), target);
  assert.equal(targets.percentageOf(target), 20);
  targets.onFeedback(feedback(10, 700, 1), target);
  assert.equal(targets.percentageOf(target), 10);
});

test("a validity of 0 ends it, a share of 0 holds against late responses", () => {
  const { targets, reduced } = script();
  targets.onFeedback(feedback(60, 700, 5), target);
  targets.onFeedback(feedback(60, 0, 6), target);
  assert.equal(targets.size, 0);
  targets.onFeedback(feedback(0, 700, 7), target);
  assert.equal(targets.size, 0, "a share of nothing of who asked for nothing is not held");
  targets.onFeedback(feedback(60, 700, 8), target);
  targets.onFeedback(feedback(0, 700, 9), target);
  targets.onFeedback(feedback(60, 700, 8), target);
  assert.equal(targets.percentageOf(target), 0);
  assert.equal(targets.sheds(target), false);
  assert.deepEqual(reduced, [60, 60]);
});

test("each interface, line, address and port is one of its own", () => {
  const { targets } = script();
  targets.onFeedback(feedback(60, 700, 5), target);
  const others: Partial<Target>[] = [
    { interfaceName: "customers" },
    { connection: "TX1" },
    { address: "203.0.113.8" },
    { port: 5070 },
  ];
  for (const other of others) assert.equal(targets.percentageOf({ ...target, ...other }), 0);
  assert.equal(targets.percentageOf({ ...target, protocol: "TCP" }), 60);
});

test("a validity beyond the limit is cut", () => {
  const { clock, targets } = script();
  targets.onFeedback(feedback(60, longestValidityMs + 1, 5), target);
  clock.advance(longestValidityMs - 1);
  assert.equal(targets.percentageOf(target), 60);
  clock.advance(1);
  assert.equal(targets.percentageOf(target), 0);
});

test("at the limit of targets none is forgotten, one more costs the first", () => {
  const { targets } = script();
  const at = (port: number): Target => ({ ...target, port });
  for (let port = 1; port <= maximumOverloadedTargets; port += 1) {
    targets.onFeedback(feedback(60, 700, 5), at(port));
  }
  assert.equal(targets.size, maximumOverloadedTargets);
  assert.equal(targets.percentageOf(at(1)), 60);
  targets.onFeedback(feedback(60, 700, 5), at(maximumOverloadedTargets + 1));
  assert.equal(targets.size, maximumOverloadedTargets);
  assert.equal(targets.percentageOf(at(1)), 0);
  assert.equal(targets.percentageOf(at(2)), 60);
  assert.equal(targets.percentageOf(at(maximumOverloadedTargets + 1)), 60);
});
