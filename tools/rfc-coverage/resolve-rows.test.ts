import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CoverageRow, RuleRow } from "./coverage-row.ts";
import { locateLine, plant } from "./locate-line.ts";
import { compareSections } from "./read-rows.ts";
import { resolveRows } from "./resolve-rows.ts";
import { hasTestName, namePattern } from "./test-name.ts";

const row: RuleRow = {
  section: "1.2",
  level: "MUST",
  sentence: "It MUST.",
  code: "a.ts",
  line: "b()",
  breaks: "",
  test: "a.test.ts",
  name: "it does",
};
const files: Readonly<Record<string, string>> = {
  "a.ts": "a();\nb();\nc();\nc();\n",
  "a.test.ts": 'test("it does", () => {});\n',
};
const resolve = (...rows: readonly CoverageRow[]) => resolveRows(rows, (path) => files[path]);

describe("rows against the tree", () => {
  it("a row has the line of its text", () => {
    const { lines, faults } = resolve(row);
    assert.deepEqual(faults, []);
    assert.equal(lines.get(row), 2);
  });

  const faulty: readonly (readonly [rule: string, change: Partial<RuleRow>, fault: RegExp])[] = [
    ["text that has gone", { line: "d()" }, /a\.ts no longer holds "d\(\)"/],
    ["text that is there twice", { line: "c()" }, /holds "c\(\)" more than once/],
    ["no text", { line: " " }, /is empty/],
    ["a break that changes nothing", { breaks: "b()" }, /changes nothing/],
    ["a source file that has gone", { code: "b.ts" }, /there is no b\.ts/],
    ["a test file that has gone", { test: "b.test.ts" }, /there is no b\.test\.ts/],
    ["a test that has gone", { name: "it did" }, /has no test "it did"/],
  ];
  for (const [rule, change, fault] of faulty) {
    it(`a fault: ${rule}`, () => {
      const { faults } = resolve({ ...row, ...change });
      assert.equal(faults.length, 1);
      assert.match(faults[0] ?? "", fault);
    });
  }

  it("no sentence of a section comes twice, as a deviation neither", () => {
    const { section, level, sentence } = row;
    assert.match(resolve(row, { section, level, sentence, deviation: "no" }).faults[0] ?? "", /comes twice/);
    assert.deepEqual(resolve(row, { ...row, section: "1.3" }, { ...row, rfc: 3581 }).faults, []);
  });

  it("only the cited text is replaced", () => {
    assert.deepEqual(locateLine("x\ny", "y"), { line: 2 });
    assert.equal(plant("a $1 b", "$1", "$&"), "a $& b");
  });

  it("sections are in the order of their numbers", () => {
    const order = ["7.3.1", "7.4", "17", "17.1", "17.1.2", "17.1.10", "17.2"];
    assert.deepEqual(order.toReversed().toSorted(compareSections), order);
    assert.deepEqual(["Usage", "Abstract"].toSorted(compareSections), ["Abstract", "Usage"]);
  });
});

describe("names of tests", () => {
  const source = `
    test("plain (RFC 1)", () => {});
    describe("a suite", () => { it('says "yes"', () => {}); });
    const table = [["of the table", 1], ["with \\"quotes\\" in it", 2]];
    for (const [rule, n] of table) test(\`\${rule}: \${[n].map((each) => { return each; }).join()}\`, () => {});
  `;
  const names: readonly (readonly [name: string, isThere: boolean])[] = [
    ["plain (RFC 1)", true],
    ["plain", false],
    ['a suite > says "yes"', true],
    ['another suite > says "yes"', false],
    ["of the table: 1", true],
    ['with "quotes" in it: 2', true],
    ["not of the table: 1", false],
  ];
  for (const [name, isThere] of names) {
    it(`${name}: ${isThere ? "there" : "not there"}`, () => assert.equal(hasTestName(source, name), isThere));
  }

  it("the pattern matches that name only, joined as node joins it", () => {
    const pattern = new RegExp(namePattern("a suite > b (c)"));
    assert.ok(pattern.test("a suite b (c)"));
    assert.ok(!pattern.test("a suite b (c) d") && !pattern.test("b (c)"));
  });
});
