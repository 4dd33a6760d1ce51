import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { countsOf, coveragePage, deviationShare } from "./coverage-page.ts";
import type { CoverageRow, RuleRow } from "./coverage-row.ts";

const rule: RuleRow = {
  section: "7.1",
  level: "MUST",
  sentence: "A | B MUST [be].",
  code: "packages/sip/src/a.ts",
  line: "a",
  breaks: "",
  test: "packages/sip/src/a.test.ts",
  name: "x > y_z",
};
const rows: readonly CoverageRow[] = [
  rule,
  { section: "7.2", level: "SHOULD", sentence: "It SHOULD.", deviation: "It does not." },
  { ...rule, rfc: 3581 },
];

describe("the page", () => {
  const page = coveragePage(rows, new Map([[rule, 12]]));

  it("has a row with links for a rule", () =>
    assert.ok(
      page.includes(
        "| A \\| B MUST \\[be\\]. (MUST) | [a.ts:12](../packages/sip/src/a.ts#L12) | [a.test.ts](../packages/sip/src/a.test.ts) x \\> y\\_z |",
      ),
      page,
    ));

  it("has the reason of a deviation", () =>
    assert.ok(page.includes("| It SHOULD. (SHOULD) | *Deviation:* It does not. |  |"), page));

  it("has a table for each section, below its RFC", () => {
    const headings = [...page.matchAll(/^##+ (.+)$/gm)].map((match) => match[1]);
    assert.deepEqual(headings, ["RFC 3261", "§7.1", "§7.2", "RFC 3581", "§7.1"]);
  });

  it("counts", () => {
    assert.ok(page.includes("| [RFC 3261](#rfc-3261) | 1 | 1 | 50.0 % |"), page);
    assert.deepEqual(countsOf(rows, 3581), { rules: 1, deviations: 0 });
    assert.equal(deviationShare({ rules: 0, deviations: 0 }), 0);
    assert.equal(deviationShare({ rules: 3, deviations: 1 }), 0.25);
  });
});
