import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parseTestOptions, partNames } from "./options.ts";
import { isSuccess, type Outcome, sum, summaryLine } from "./outcome.ts";
import { runFiles } from "./run-files.ts";
import { runSuite } from "./run-suite.ts";
import { filesOf, processesOf, type Suite, suites } from "./suites.ts";

const quick: Suite = {
  name: "quick",
  patterns: [/\.test\.mjs$/],
  sharing: [],
  concurrency: 2,
  timeoutSeconds: 30,
  sharedTimeoutSeconds: 30,
  testTimeoutSeconds: 20,
};
const head = 'import test from "node:test"; import assert from "node:assert";\n';

async function runSource(source: string, suite: Suite = quick): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-run-"));
  try {
    writeFileSync(join(folder, "x.test.mjs"), head + source);
    return (await runFiles(folder, suite, ["x.test.mjs"], undefined)).outcome;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const counts = (outcome: Outcome): string => summaryLine(outcome);

describe("a run of test files", { concurrency: false }, () => {
  it("counts tests, not suites", async () => {
    const outcome = await runSource(
      'test("a", () => {}); test.describe("s", () => { test("b", () => {}); test("c", { skip: "no line" }, () => {}); });',
    );
    assert.equal(counts(outcome), "2 passed, 0 failed, 1 skipped");
    assert.deepEqual(outcome.skips, [{ where: "x.test.mjs:2", name: "c", why: "no line" }]);
  });

  it("says where a test failed and why, and counts it once", async () => {
    const outcome = await runSource(
      'test.describe("s", () => {\n test("a", () => assert.strictEqual(1, 2));\n test("b", () => {}); });',
    );
    assert.equal(counts(outcome), "1 passed, 1 failed, 0 skipped");
    assert.equal(outcome.failures[0]?.where, "x.test.mjs:3");
    assert.match(outcome.failures[0]?.detail ?? "", /1 !== 2/);
  });

  it("a test to be done counts as skipped", async () => {
    assert.equal(
      counts(await runSource('test("a", { todo: true }, () => {});')),
      "0 passed, 0 failed, 1 skipped",
    );
  });

  it("a file that runs no test has failed", async () => {
    const outcome = await runSource("");
    assert.equal(counts(outcome), "0 passed, 1 failed, 0 skipped");
    assert.equal(outcome.failures[0]?.name, "ran no test");
  });

  it("a file that cannot be read by Node has failed", async () => {
    const outcome = await runSource("const = ;");
    assert.equal(outcome.failures.length, 1);
    assert.match(outcome.failures[0]?.detail ?? "", /SyntaxError/);
  });

  it("a file that throws half way has failed, not passed with the tests before", async () => {
    const outcome = await runSource('test("a", () => {}); throw new Error("half way");');
    assert.equal(counts(outcome), "1 passed, 1 failed, 0 skipped");
    assert.match(outcome.failures[0]?.detail ?? "", /half way/);
  });

  it("a process that dies has failed, and what it had passed still counts", async () => {
    const outcome = await runSource(
      'test("a", () => {}); test("b", () => process.kill(process.pid, "SIGKILL"));',
    );
    assert.equal(outcome.failures.length, 1);
    assert.match(outcome.failures[0]?.name ?? "", /ended with a signal/);
  });

  it("a process that hangs is ended", async () => {
    const outcome = await runSource('test("a", () => {}); setInterval(() => {}, 1000);', {
      ...quick,
      timeoutSeconds: 2,
    });
    assert.equal(counts(outcome), "1 passed, 1 failed, 0 skipped");
    assert.match(outcome.failures[0]?.name ?? "", /did not end in time/);
  });

  it("a test that hangs fails by its own time-out", async () => {
    const outcome = await runSource(
      'test("a", () => new Promise(() => { setTimeout(() => {}, 60_000); }));',
      {
        ...quick,
        timeoutSeconds: 5,
        testTimeoutSeconds: 1,
      },
    );
    assert.ok(outcome.failures.some((failure) => failure.name === "a"));
  });

  it("a suite without files is empty and no failure", async () => {
    assert.equal(
      counts(await runSuite(".", quick, [], undefined, () => {})),
      "0 passed, 0 failed, 0 skipped",
    );
    const shared: Suite = { ...quick, sharing: [/^/] };
    assert.equal(
      counts(await runSuite(".", shared, [], undefined, () => {})),
      "0 passed, 0 failed, 0 skipped",
    );
  });
});

describe("the verdict", () => {
  const outcome = (passed: number, failed: number, skipped: number): Outcome => ({
    passed,
    failures: Array.from({ length: failed }, () => ({ where: "x", name: "x", detail: "" })),
    skips: Array.from({ length: skipped }, () => ({ where: "x", name: "x", why: "" })),
  });
  const table: readonly (readonly [Outcome, boolean, boolean])[] = [
    [outcome(1, 0, 0), true, true],
    [outcome(1, 1, 0), false, false],
    [outcome(1, 0, 1), false, true],
    [outcome(0, 0, 0), false, false],
    [outcome(0, 0, 1), false, false],
  ];
  for (const [given, forRoot, forOthers] of table) {
    it(`${summaryLine(given)}: root ${forRoot}, others ${forOthers}`, () => {
      assert.equal(isSuccess(given, true), forRoot);
      assert.equal(isSuccess(given, false), forOthers);
    });
  }

  it("sums up", () => {
    assert.equal(summaryLine(sum([outcome(1, 2, 3), outcome(4, 0, 1)])), "5 passed, 2 failed, 4 skipped");
  });
});

describe("what runs", () => {
  it("each kind of test file belongs to one suite", () => {
    const paths = [
      "packages/sip/src/message/via.test.ts",
      "apps/control/src/api/trunks.test.ts",
      "tools/architecture.test.ts",
      "apps/gateway/test/call.test.ts",
      "packages/database/test/migrate.test.ts",
      "lab/interop/sipp.test.ts",
      "lab/demo/main.test.ts",
      "lab/scenarios/hold/both.scenario.ts",
      "packages/sip/src/message/via.ts",
    ];
    const bySuite = suites.map((suite) => filesOf(suite, paths).length);
    assert.deepEqual(bySuite, [3, 2, 3]);
  });

  it("files that may share processes are spread over those that run at a time; each other one has its own", () => {
    const suite: Suite = { ...quick, sharing: [/^shared/] };
    const files = ["a", "shared/1", "shared/2", "b", "shared/3"];
    assert.deepEqual(processesOf(suite, files), [["shared/1", "shared/3"], ["shared/2"], ["a"], ["b"]]);
    assert.deepEqual(processesOf(suite, ["shared/1"]), [["shared/1"]]);
    assert.deepEqual(processesOf(suite, []), []);
  });

  it("everything by default; only tests once a path or a name is given", () => {
    assert.deepEqual(parseTestOptions([]), { parts: partNames, path: undefined, name: undefined });
    assert.deepEqual(parseTestOptions(["via"]), { parts: partNames.slice(1), path: "via", name: undefined });
    assert.deepEqual(parseTestOptions(["--name", "x"]), {
      parts: partNames.slice(1),
      path: undefined,
      name: "x",
    });
    assert.deepEqual(parseTestOptions(["--only", "unit"]), {
      parts: ["unit"],
      path: undefined,
      name: undefined,
    });
    assert.deepEqual(parseTestOptions(["--only", "check,lab", "via"]), {
      parts: ["check", "lab"],
      path: "via",
      name: undefined,
    });
    assert.equal(parseTestOptions(["--only", "most"]), "no such part: most");
    assert.equal(parseTestOptions(["a", "b"]), "at most one part of a path");
    assert.equal(typeof parseTestOptions(["--nonsense"]), "string");
  });
});
