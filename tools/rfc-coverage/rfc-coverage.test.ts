import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { coverageFaults, pagePath } from "./coverage-faults.ts";
import { countsOf, deviationShare, writeCommand } from "./coverage-page.ts";
import { mainRfc } from "./coverage-row.ts";
import { readRows } from "./read-rows.ts";

const root = join(import.meta.dirname, "..", "..");
/** Sentences of RFC 3261 that the page has; a row that goes must be replaced by another. */
const minimumSentences = 480;
const maximumDeviationShare = 0.05;

const rows = await readRows();

describe("the coverage of RFC 3261", () => {
  it("cites lines and tests that are there, and its page is as the rows have it", () =>
    assert.deepEqual(coverageFaults(root, rows), []));

  it("a page that is not, and a row that cites nothing, are faults", () => {
    const [first, ...others] = rows;
    assert.ok(first !== undefined);
    assert.deepEqual(coverageFaults(root, others), [`${pagePath} is out of date: ${writeCommand}`]);
    const wrong = coverageFaults(root, [{ ...first, code: "nowhere.ts" }, ...others]);
    assert.equal(wrong.length, 1);
    assert.match(wrong[0] ?? "", /there is no nowhere\.ts/);
  });

  it(`has ${minimumSentences} sentences or more`, () => {
    const { rules, deviations } = countsOf(rows, mainRfc);
    assert.ok(rules + deviations >= minimumSentences, `${rules} rules and ${deviations} deviations`);
  });

  it("deviates from one sentence in twenty at most", () => {
    const counts = countsOf(rows, mainRfc);
    assert.ok(deviationShare(counts) <= maximumDeviationShare, `${counts.deviations} deviations`);
  });
});
