/** Which rows `./tandem break` breaks. */
import { type CoverageRow, isRule, type RuleRow } from "./coverage-row.ts";

export const usage = "usage: ./tandem break [SECTION | RFC:SECTION | all | N random]";

/** Rows that it breaks without an argument, and that `./tandem test` breaks. */
export const sampleSize = 15;

/**
 * The rows that the arguments ask for, in the order of the page; a text says what is wrong with them.
 * @param random numbers in [0, 1)
 */
export function chooseRows(
  rows: readonly CoverageRow[],
  args: readonly string[],
  random: () => number,
): readonly RuleRow[] | string {
  const rules = rows.filter(isRule);
  const [first, second] = args;
  if (first === undefined) return spreadEvenly(rules, sampleSize);
  if (second !== undefined) {
    const count = Number(first);
    if (args.length > 2 || second !== "random" || !Number.isInteger(count) || count < 1) return usage;
    return drawn(rules, count, random);
  }
  if (first === "all") return rules;
  const chosen = rules.filter((row) => isIn(row, first));
  return chosen.length > 0 ? chosen : `no row of section ${first}\n${usage}`;
}

/** So many rows at equal distances, the first among them; all when there are no more. */
export function spreadEvenly<T>(rows: readonly T[], count: number): readonly T[] {
  if (rows.length <= count) return rows;
  return Array.from({ length: count }, (_, at) => rows[Math.floor((at * rows.length) / count)]).filter(
    (row) => row !== undefined,
  );
}

function drawn(rules: readonly RuleRow[], count: number, random: () => number): readonly RuleRow[] {
  const remaining = [...rules];
  const chosen = new Set<RuleRow>();
  while (chosen.size < count && remaining.length > 0) {
    for (const row of remaining.splice(Math.floor(random() * remaining.length), 1)) chosen.add(row);
  }
  return rules.filter((row) => chosen.has(row));
}

/** "17" and "17.1" hold "17.1.1.2"; "3263:4.1" names the RFC, without it it is the main one. */
function isIn(row: RuleRow, wanted: string): boolean {
  const [rfc, section] = wanted.includes(":") ? wanted.split(":") : [undefined, wanted];
  if (rfc !== (row.rfc === undefined ? undefined : String(row.rfc))) return false;
  return section === "" || row.section === section || row.section.startsWith(`${section}.`);
}
