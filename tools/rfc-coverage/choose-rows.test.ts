import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chooseRows, sampleSize, spreadEvenly, usage } from "./choose-rows.ts";
import type { CoverageRow } from "./coverage-row.ts";

function rule(section: string, rfc?: number): CoverageRow {
  const cited = { code: "a.ts", line: "a", breaks: "", test: "a.test.ts", name: "a" };
  return { section, level: "MUST", sentence: section, ...(rfc === undefined ? {} : { rfc }), ...cited };
}

const rows: readonly CoverageRow[] = [
  rule("1"),
  { section: "1", level: "MUST", sentence: "no", deviation: "no" },
  rule("1.1"),
  rule("11"),
  rule("1", 3263),
  rule("4.1", 3263),
];

function chosen(args: readonly string[], ...drawn: number[]): readonly string[] | string {
  const found = chooseRows(rows, args, () => drawn.shift() ?? 0);
  return typeof found === "string" ? found : found.map((row) => `${row.rfc ?? ""} ${row.section}`.trim());
}

describe("rows to break", () => {
  const table: readonly (readonly [args: string, sections: readonly string[]])[] = [
    ["all", ["1", "1.1", "11", "3263 1", "3263 4.1"]],
    ["1", ["1", "1.1"]],
    ["1.1", ["1.1"]],
    ["3263:4", ["3263 4.1"]],
    ["3263:", ["3263 1", "3263 4.1"]],
    ["9 random", ["1", "1.1", "11", "3263 1", "3263 4.1"]],
  ];
  for (const [args, sections] of table) {
    it(args, () => assert.deepEqual(chosen(args.split(" ")), sections));
  }

  it("random ones are drawn without repetition and stand in the order of the page", () => {
    assert.deepEqual(chosen(["2", "random"], 0.99, 0), ["1", "3263 4.1"]);
  });

  for (const args of [
    ["0", "random"],
    ["x", "random"],
    ["2", "rows"],
    ["2", "random", "more"],
  ]) {
    it(`refuses ${args.join(" ")}`, () => assert.equal(chosen(args), usage));
  }

  it("says when a section has no row", () => assert.match(String(chosen(["2"])), /no row of section 2/));

  it("without arguments a sample, spread evenly", () => {
    const many = Array.from({ length: 100 }, (_, at) => rule(String(at)));
    const sample = chooseRows(many, [], () => 0);
    assert.equal(sample.length, sampleSize);
    assert.deepEqual(spreadEvenly([0, 1, 2, 3, 4, 5], 3), [0, 2, 4]);
    assert.deepEqual(spreadEvenly([0, 1], 3), [0, 1]);
  });
});
