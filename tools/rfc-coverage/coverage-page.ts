/** The text of docs/rfc-coverage.md. */
import { type CoverageRow, isDeviation, mainRfc, type RuleRow, rfcOf } from "./coverage-row.ts";
import { isNumbered } from "./read-rows.ts";

/** The command that writes the page, as failures and documents name it. */
export const writeCommand = "./tandem coverage --write";

export interface CoverageCounts {
  readonly rules: number;
  readonly deviations: number;
}

/** Rows of one RFC. */
export function countsOf(rows: readonly CoverageRow[], rfc: number): CoverageCounts {
  const own = rows.filter((row) => rfcOf(row) === rfc);
  const deviations = own.filter(isDeviation).length;
  return { rules: own.length - deviations, deviations };
}

/** Share of deviations among the rows, 0 to 1. */
export function deviationShare({ rules, deviations }: CoverageCounts): number {
  return rules + deviations === 0 ? 0 : deviations / (rules + deviations);
}

/** @param rows in the order of the page */
export function coveragePage(rows: readonly CoverageRow[], lines: ReadonlyMap<RuleRow, number>): string {
  const rfcs = [...new Set(rows.map(rfcOf))];
  const parts = [introduction, totals(rows, rfcs)];
  for (const rfc of rfcs) {
    parts.push(`## RFC ${rfc}`);
    const own = rows.filter((row) => rfcOf(row) === rfc);
    for (const section of new Set(own.map((row) => row.section))) {
      parts.push(
        sectionPart(
          section,
          own.filter((row) => row.section === section),
          lines,
        ),
      );
    }
  }
  return `${parts.join("\n\n")}\n`;
}

const introduction = `# RFC coverage

Normative sentences of RFC ${mainRfc} and of its neighbours, each with the line of code that obeys it and the test that fails when
that line does not. The page is generated from the rows in \`tools/rfc-coverage/rows\`; \`${writeCommand}\` writes it anew when
lines have moved. Proxies, registrars and redirect servers are not here: Tandem is two user agents back to back.

Every row also says what would break its rule. \`./tandem break 17.1.1.2\` breaks the rules of a section one at a time in a copy
of the tree, runs the test of each and demands that it fails, and that it passes when nothing is broken; \`./tandem break all\`
does so for the whole page, \`./tandem break 20 random\` for twenty rows drawn by lot. \`./tandem test\` does it for a few.

*Deviations* are sentences that are not obeyed, with the reason. Where a decision stands behind one, it has a page in
[decisions](decisions/README.md).`;

function totals(rows: readonly CoverageRow[], rfcs: readonly number[]): string {
  const lines = rfcs.map((rfc) => {
    const counts = countsOf(rows, rfc);
    const percent = (deviationShare(counts) * 100).toFixed(1);
    return `| [RFC ${rfc}](#rfc-${rfc}) | ${counts.rules} | ${counts.deviations} | ${percent} % |`;
  });
  return ["| specification | obeyed | deviations | share |", "|---|---|---|---|", ...lines].join("\n");
}

function sectionPart(
  section: string,
  rows: readonly CoverageRow[],
  lines: ReadonlyMap<RuleRow, number>,
): string {
  const head = ["| sentence | code | test |", "|---|---|---|"];
  const table = rows.map((row) => `| ${cell(row.sentence)} (${row.level}) | ${proof(row, lines)} |`);
  return [`### ${isNumbered(section) ? "§" : ""}${section}`, "", ...head, ...table].join("\n");
}

/** Cells of code and test, or the deviation and nothing. */
function proof(row: CoverageRow, lines: ReadonlyMap<RuleRow, number>): string {
  if (isDeviation(row)) return `*Deviation:* ${cell(row.deviation)} | `;
  const line = lines.get(row) ?? 0;
  const file = row.code.slice(row.code.lastIndexOf("/") + 1);
  const testFile = row.test.slice(row.test.lastIndexOf("/") + 1);
  return `[${file}:${line}](../${row.code}#L${line}) | [${testFile}](../${row.test}) ${cell(row.name)}`;
}

/** Text that neither ends the cell nor means anything else to Markdown. */
function cell(text: string): string {
  return text.replaceAll(/[|<>*_[\]`\\]/g, "\\$&").replaceAll("\n", " ");
}
