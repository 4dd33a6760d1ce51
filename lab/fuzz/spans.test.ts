import assert from "node:assert/strict";
import { test } from "node:test";
import { type CountedRange, spansRun, subtract } from "./spans.ts";

const range = (startOffset: number, endOffset: number, count: number): CountedRange => ({
  startOffset,
  endOffset,
  count,
});
const text = (spans: readonly { start: number; end: number }[]): string =>
  spans.map(({ start, end }) => `${start}-${end}`).join(" ");

const runs: readonly [what: string, ranges: readonly CountedRange[], expected: string][] = [
  ["a whole function", [range(0, 100, 1)], "0-100"],
  ["a block that did not run", [range(0, 100, 1), range(20, 40, 0)], "0-20 40-100"],
  [
    "a block inside of one that did not run",
    [range(0, 100, 1), range(20, 40, 0), range(30, 35, 2)],
    "0-20 30-35 40-100",
  ],
  ["blocks that ran often are one with what is around them", [range(0, 100, 1), range(20, 40, 7)], "0-100"],
  ["nothing", [range(0, 100, 0)], ""],
];
for (const [what, ranges, expected] of runs) {
  test(`what has run: ${what}`, () => assert.equal(text(spansRun(ranges)), expected));
}

const subtractions: readonly [spans: string, others: string, expected: string][] = [
  ["0-10", "", "0-10"],
  ["0-10", "0-10", ""],
  ["0-10", "2-4", "0-2 4-10"],
  ["0-10 20-30", "5-25", "0-5 25-30"],
  ["0-10", "2-4 6-8", "0-2 4-6 8-10"],
  ["5-10", "0-5 10-12", "5-10"],
];
const spans = (of: string) =>
  of
    .split(" ")
    .filter((one) => one !== "")
    .map((one) => ({ start: Number(one.split("-")[0]), end: Number(one.split("-")[1]) }));
for (const [from, others, expected] of subtractions) {
  test(`${from} without ${others === "" ? "anything" : others}`, () => {
    assert.equal(text(subtract(spans(from), spans(others))), expected);
  });
}
