/** Names of tests as rows cite them: "suite > test". */

/** Between the names of suites and test. */
const separator = " > ";

/** First arguments of test(), it() and describe() in the source of a test file. */
function calls(source: string): readonly string[] {
  const call =
    /\b(?:test|it|describe)\(\s*(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`)/g;
  return [...source.matchAll(call)].map((found) =>
    (found[1] ?? found[2] ?? found[3] ?? "").replaceAll(/\\(["'`\\])/g, "$1"),
  );
}

/**
 * Whether the source has tests and suites of these names. Words that a template fills in must stand somewhere in the
 * source, as the cells of a table do; anything without a blank may be computed and is let through.
 */
export function hasTestName(source: string, name: string): boolean {
  const plain = source.replaceAll(/\\(["'`\\])/g, "$1");
  const patterns = calls(source).map(patternOf);
  return name.split(separator).every((part) =>
    patterns.some((pattern) => {
      const filledIn = pattern.exec(part)?.slice(1);
      return filledIn?.every((piece) => !piece.includes(" ") || plain.includes(piece)) === true;
    }),
  );
}

/** Of two ways to fill in a template, the one with the shorter first piece is taken. */
function patternOf(call: string): RegExp {
  const literal = call.split(/\$\{(?:[^{}]|\{[^{}]*\})*\}/).map((piece) => RegExp.escape(piece));
  return new RegExp(`^${literal.join("(.*?)")}$`, "s");
}

/** The pattern for `--test-name-pattern` by which nothing but this test runs: node joins the names by a blank. */
export function namePattern(name: string): string {
  return `^${RegExp.escape(name.split(separator).join(" "))}$`;
}

/** Name of the test itself. */
export function leafOf(name: string): string {
  return name.split(separator).at(-1) ?? name;
}
