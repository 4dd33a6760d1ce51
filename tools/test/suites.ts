/** What `./tandem test` runs, in this order, after the gates. */

export interface Suite {
  readonly name: string;
  /** `shared`: all files in one process, fast. `isolated`: a process for each file. */
  readonly isolation: "shared" | "isolated";
  readonly patterns: readonly RegExp[];
  /** Processes at a time. */
  readonly concurrency: number;
  /** A process that runs longer is ended and counts as failed. */
  readonly timeoutSeconds: number;
  /** One test that runs longer has failed. */
  readonly testTimeoutSeconds: number;
}

export const suites: readonly Suite[] = [
  {
    name: "unit",
    isolation: "shared",
    patterns: [/^(?:packages|apps)\/[^/]+\/src\/.*\.test\.ts$/, /^tools\/.*\.test\.ts$/],
    concurrency: 1,
    timeoutSeconds: 600,
    testTimeoutSeconds: 60,
  },
  {
    name: "integration",
    isolation: "isolated",
    patterns: [/^(?:packages|apps)\/[^/]+\/test\/.*\.test\.ts$/],
    concurrency: 2,
    timeoutSeconds: 180,
    testTimeoutSeconds: 120,
  },
  {
    name: "lab",
    isolation: "isolated",
    patterns: [/^lab\/.*\.(?:test|scenario)\.ts$/],
    concurrency: 2,
    timeoutSeconds: 300,
    testTimeoutSeconds: 240,
  },
];

export const suiteNames: readonly string[] = suites.map((suite) => suite.name);

/** The files of a suite among those of the repository. */
export function filesOf(suite: Suite, paths: readonly string[]): readonly string[] {
  return paths.filter((path) => suite.patterns.some((pattern) => pattern.test(path)));
}
