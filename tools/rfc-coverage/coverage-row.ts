/** One normative sentence of a specification, and what stands for it in the code and in the tests. */
interface Sentence {
  /** "17.1.1.2"; the heading where an old RFC numbers nothing. */
  readonly section: string;
  /** Number of the RFC; 3261 unless said. */
  readonly rfc?: number;
  /** MUST, SHOULD NOT, MAY, REQUIRED …; "rule" for a sentence that rules without such a word. */
  readonly level: string;
  /** The sentence, shortened where it is long. */
  readonly sentence: string;
}

/** A sentence that is obeyed. */
export interface RuleRow extends Sentence {
  /** Path of the source file. */
  readonly code: string;
  /** Text that occurs exactly once in that file; the page turns it into file and line. */
  readonly line: string;
  /** What that text is replaced by to break the rule. */
  readonly breaks: string;
  /** Path of the test file. */
  readonly test: string;
  /** The test's full name: the names of its suites and its own, joined by " > ". */
  readonly name: string;
}

/** A sentence that is not obeyed. */
export interface DeviationRow extends Sentence {
  /** What we do instead, and why. */
  readonly deviation: string;
}

export type CoverageRow = RuleRow | DeviationRow;

/** The specification that the coverage is counted for. */
export const mainRfc = 3261;

export function isDeviation(row: CoverageRow): row is DeviationRow {
  return "deviation" in row;
}

export function isRule(row: CoverageRow): row is RuleRow {
  return !isDeviation(row);
}

export function rfcOf(row: CoverageRow): number {
  return row.rfc ?? mainRfc;
}
