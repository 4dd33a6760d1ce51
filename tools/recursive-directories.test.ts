import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "..");

test("no program makes directories by Node's recursive mkdir, which never ends in /proc: @tandem/directories does it", () => {
  const sources = globSync("{apps,packages}/*/src/**/*.ts", { cwd: root }).filter(
    (file) => !file.endsWith(".test.ts") && !file.includes("/testing/"),
  );
  assert.ok(sources.length > 500, `${sources.length} sources`);
  const recursive = /\bmkdir(Sync)?\([^;]*recursive:/s;
  assert.deepEqual(
    sources.filter((file) => recursive.test(readFileSync(join(root, file), "utf8"))),
    [],
  );
});
