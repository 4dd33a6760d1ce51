/** What a run of tests came to. */

export interface Failure {
  /** File, relative to the root, and line where they are known. */
  readonly where: string;
  readonly name: string;
  readonly detail: string;
}

export interface Skip {
  readonly where: string;
  readonly name: string;
  readonly why: string;
}

export interface Outcome {
  readonly passed: number;
  readonly failures: readonly Failure[];
  readonly skips: readonly Skip[];
}

export function sum(outcomes: readonly Outcome[]): Outcome {
  return {
    passed: outcomes.reduce((total, outcome) => total + outcome.passed, 0),
    failures: outcomes.flatMap((outcome) => outcome.failures),
    skips: outcomes.flatMap((outcome) => outcome.skips),
  };
}

/**
 * Root may install and open everything, so for root a skipped test is a failure: it would be a test that nobody ever
 * runs. Other users see what was skipped.
 */
export function isSuccess(outcome: Outcome, isRoot: boolean): boolean {
  if (outcome.failures.length > 0 || outcome.passed === 0) return false;
  return !isRoot || outcome.skips.length === 0;
}

/** The last line of `./tandem test`. */
export function summaryLine(outcome: Outcome): string {
  return `${outcome.passed} passed, ${outcome.failures.length} failed, ${outcome.skips.length} skipped`;
}
