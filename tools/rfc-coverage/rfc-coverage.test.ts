import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { countsOf, coveragePage, deviationShare, writeCommand } from "./coverage-page.ts";
import { mainRfc } from "./coverage-row.ts";
import { readRows } from "./read-rows.ts";
import { fileReader, resolveRows } from "./resolve-rows.ts";

const root = join(import.meta.dirname, "..", "..");
/** Sentences of RFC 3261 that the page has; a row that goes must be replaced by another. */
const minimumSentences = 225;
const maximumDeviationShare = 0.05;

const rows = await readRows();
const { lines, faults } = resolveRows(rows, fileReader(root));

describe("the coverage of RFC 3261", () => {
  it("cites lines and tests that are there", () => assert.deepEqual(faults, []));

  it("is on its page as it is in the rows", () => {
    const page = readFileSync(join(root, "docs", "rfc-coverage.md"), "utf8");
    assert.ok(page === coveragePage(rows, lines), `docs/rfc-coverage.md is out of date: ${writeCommand}`);
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
