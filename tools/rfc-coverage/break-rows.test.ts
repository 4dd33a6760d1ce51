import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { RowBreaker } from "./break-rows.ts";
import type { RuleRow } from "./coverage-row.ts";
import { TreeCopy } from "./tree-copy.ts";

const source = "export const limit = (n: number): boolean => n <= 5;\n";
const tests = `import assert from "node:assert";
import { test } from "node:test";
import { limit } from "${"@tandem"}/limits";
test("at the limit", () => assert.ok(limit(5)));
test("far below", () => assert.ok(limit(1)));
test("wrong anyhow", () => assert.ok(limit(6)));
test("not run", { skip: "no line" }, () => {});
`;
const row: RuleRow = {
  section: "1",
  level: "MUST",
  sentence: "Five MUST pass.",
  code: "packages/limits/limits.ts",
  line: "n <= 5",
  breaks: "n < 5",
  test: "packages/limits/limits.test.ts",
  name: "at the limit",
};

describe("breaking a row in a copy of a tree", { concurrency: false }, () => {
  let original = "";
  let tree: TreeCopy | undefined;
  before(() => {
    original = mkdtempSync(join(tmpdir(), "tandem-tree-"));
    const folder = join(original, "packages", "limits");
    mkdirSync(folder, { recursive: true });
    mkdirSync(join(original, "node_modules", "@tandem"), { recursive: true });
    symlinkSync("../../packages/limits", join(original, "node_modules", "@tandem", "limits"));
    writeFileSync(join(folder, "package.json"), '{"type":"module","exports":"./limits.ts"}');
    writeFileSync(join(folder, "limits.ts"), source);
    writeFileSync(join(folder, "limits.test.ts"), tests);
    tree = TreeCopy.of(original);
  });
  after(() => {
    tree?.remove();
    rmSync(original, { recursive: true });
  });

  async function kindOf(change: Partial<RuleRow>): Promise<string> {
    assert.ok(tree !== undefined);
    const verdict = await new RowBreaker(tree).verdictOn({ ...row, ...change });
    assert.equal(tree.read(row.code), source, "the copy is whole again");
    return verdict.kind === "unproven" ? verdict.why : verdict.kind;
  }

  it("a test that fails has caught it; packages lead into the copy", async () => {
    assert.equal(await kindOf({}), "caught");
    assert.equal(readFileSync(join(original, row.code), "utf8"), source);
  });

  it("a test that passes has missed it", async () =>
    assert.equal(await kindOf({ name: "far below" }), "missed"));

  it("a test that fails without the break proves nothing", async () =>
    assert.match(await kindOf({ name: "wrong anyhow" }), /fails on the whole tree/));

  it("nor does one that is skipped, or that is not there", async () => {
    assert.match(await kindOf({ name: "not run" }), /skipped: no line/);
    assert.match(await kindOf({ name: "at the" }), /0 tests have this name/);
  });

  it("nor does a tree that no longer loads", async () =>
    assert.match(await kindOf({ breaks: "n <= (" }), /did not run on the broken tree/));

  it("a text that is not there can not be broken", async () =>
    assert.match(await kindOf({ line: "n >= 5" }), /no longer holds/));
});
