/** Breaks rules one at a time and looks whether their tests notice. */
import type { Outcome } from "../test/outcome.ts";
import { runFiles } from "../test/run-files.ts";
import type { Suite } from "../test/suites.ts";
import type { RuleRow } from "./coverage-row.ts";
import { locateLine, plant } from "./locate-line.ts";
import { leafOf, namePattern } from "./test-name.ts";
import type { TreeCopy } from "./tree-copy.ts";

export type Verdict =
  /** The test passes on the whole tree and fails on the broken one. */
  | { readonly kind: "caught" }
  /** The test passes although the rule is broken. */
  | { readonly kind: "missed" }
  /** The row proves nothing: its test fails without the break, does not run, or something else fails in its place. */
  | { readonly kind: "unproven"; readonly why: string };

/** One process for one test. A break that makes the test hang shows by the time-out of the test. */
const singleTest: Suite = {
  name: "break",
  patterns: [],
  sharing: [],
  concurrency: 1,
  timeoutSeconds: 60,
  sharedTimeoutSeconds: 60,
  testTimeoutSeconds: 30,
};

export class RowBreaker {
  readonly #tree: TreeCopy;
  /** Tests that were run on the whole tree, by file and name; the value says why one does not count. */
  readonly #whole = new Map<string, string | undefined>();

  constructor(tree: TreeCopy) {
    this.#tree = tree;
  }

  /** The tree is whole again afterwards. */
  async verdictOn(row: RuleRow): Promise<Verdict> {
    const source = this.#tree.read(row.code);
    const found = locateLine(source, row.line);
    if (typeof found === "string") return { kind: "unproven", why: `${row.code} ${found}` };
    const fault = await this.#faultOfWhole(row);
    if (fault !== undefined) return { kind: "unproven", why: fault };
    this.#tree.write(row.code, plant(source, row.line, row.breaks));
    try {
      return verdictOf(await this.#run(row), row);
    } finally {
      this.#tree.write(row.code, source);
    }
  }

  async #faultOfWhole(row: RuleRow): Promise<string | undefined> {
    const key = `${row.test} ${row.name}`;
    if (!this.#whole.has(key)) this.#whole.set(key, faultOfWhole(await this.#run(row)));
    return this.#whole.get(key);
  }

  async #run(row: RuleRow): Promise<Outcome> {
    const run = await runFiles(this.#tree.root, singleTest, [row.test], namePattern(row.name));
    return run.outcome;
  }
}

function faultOfWhole({ passed, failures, skips }: Outcome): string | undefined {
  if (failures.length > 0) return `the test fails on the whole tree: ${failures[0]?.detail ?? ""}`;
  if (skips.length > 0) return `the test is skipped: ${skips[0]?.why ?? ""}`;
  return passed === 1 ? undefined : `${passed} tests have this name`;
}

/** A tree that no longer loads is no proof: only the test itself counts. */
function verdictOf({ passed, failures }: Outcome, row: RuleRow): Verdict {
  if (failures.some((failure) => failure.name === leafOf(row.name))) return { kind: "caught" };
  const [other] = failures;
  if (other !== undefined) {
    return {
      kind: "unproven",
      why: `not the test failed, but "${other.name}": ${other.detail.slice(0, 300)}`,
    };
  }
  return passed > 0
    ? { kind: "missed" }
    : { kind: "unproven", why: "the test did not run on the broken tree" };
}
