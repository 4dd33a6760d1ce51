/** What `./tandem test` runs, in this order, after the gates. */

export interface Suite {
  readonly name: string;
  readonly patterns: readonly RegExp[];
  /** Those of them that share processes, as many as run at a time, which is fast; each other one has its own. */
  readonly sharing: readonly RegExp[];
  /** Processes at a time. */
  readonly concurrency: number;
  /** A process that runs longer is ended and counts as failed. */
  readonly timeoutSeconds: number;
  /** The same for a process that is shared. */
  readonly sharedTimeoutSeconds: number;
  /** One test that runs longer has failed. */
  readonly testTimeoutSeconds: number;
}

export const suites: readonly Suite[] = [
  {
    name: "unit",
    patterns: [/^(?:packages|apps)\/[^/]+\/src\/.*\.test\.ts$/, /^tools\/.*\.test\.ts$/],
    sharing: [/^/],
    concurrency: 2,
    timeoutSeconds: 600,
    sharedTimeoutSeconds: 600,
    testTimeoutSeconds: 60,
  },
  {
    name: "integration",
    patterns: [/^(?:packages|apps)\/[^/]+\/test\/.*\.test\.ts$/],
    // Each would wait for a PGlite and a PostgreSQL of its own first.
    sharing: [/^apps\/control\/test\//],
    concurrency: 2,
    timeoutSeconds: 180,
    sharedTimeoutSeconds: 600,
    testTimeoutSeconds: 120,
  },
  {
    name: "lab",
    patterns: [/^lab\/.*\.(?:test|scenario)\.ts$/],
    sharing: [],
    concurrency: 2,
    timeoutSeconds: 300,
    sharedTimeoutSeconds: 300,
    testTimeoutSeconds: 240,
  },
];

export const suiteNames: readonly string[] = suites.map((suite) => suite.name);

/** Of the files of a suite those that run in one process, the shared ones first: they take longest. */
export function processesOf(suite: Suite, files: readonly string[]): readonly (readonly string[])[] {
  const [own, shared] = [false, true].map((isShared) =>
    files.filter((file) => suite.sharing.some((pattern) => pattern.test(file)) === isShared),
  ) as [string[], string[]];
  const groups = Array.from({ length: suite.concurrency }, (_, at) =>
    shared.filter((_file, index) => index % suite.concurrency === at),
  );
  return [...groups.filter((group) => group.length > 0), ...own.map((file) => [file])];
}

/** The files of a suite among those of the repository. */
export function filesOf(suite: Suite, paths: readonly string[]): readonly string[] {
  return paths.filter((path) => suite.patterns.some((pattern) => pattern.test(path)));
}
