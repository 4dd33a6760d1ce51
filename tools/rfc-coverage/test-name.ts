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
  const templates = calls(source).map((call) => call.split(/\$\{(?:[^{}]|\{[^{}]*\})*\}/));
  return name
    .split(separator)
    .every((part) =>
      templates.some(
        ([first = "", ...rest]) => part.startsWith(first) && fits(rest, part.slice(first.length), plain),
      ),
    );
}

/** Whether the text is the literal pieces of a template, in order, each behind something that was filled in. */
function fits(literals: readonly string[], text: string, source: string): boolean {
  const [literal, ...rest] = literals;
  if (literal === undefined) return text === "";
  for (let at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + 1)) {
    const filledIn = text.slice(0, at);
    const isThere = !filledIn.includes(" ") || source.includes(filledIn);
    if (isThere && fits(rest, text.slice(at + literal.length), source)) return true;
    if (at === text.length) break;
  }
  return false;
}

/** The pattern for `--test-name-pattern` by which nothing but this test runs: node joins the names by a blank. */
export function namePattern(name: string): string {
  return `^${RegExp.escape(name.split(separator).join(" "))}$`;
}

/** Name of the test itself. */
export function leafOf(name: string): string {
  return name.split(separator).at(-1) ?? name;
}
