import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { makeDirectory } from "./make-directory.ts";

describe("makeDirectory", () => {
  let base = "";
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), "tandem-make-"));
  });
  afterEach(() => rmSync(base, { recursive: true }));

  it("makes what is missing, for its owner only", () => {
    makeDirectory(join(base, "a", "b", "c"));
    for (const path of ["a", "a/b", "a/b/c"]) {
      assert.equal(statSync(join(base, path)).mode & 0o777, 0o700, path);
    }
  });

  it("takes what is there, through a link too", () => {
    symlinkSync(base, join(base, "link"));
    makeDirectory(base);
    makeDirectory(join(base, "link"));
    makeDirectory(join(base, "link", "a"));
    assert.ok(statSync(join(base, "a")).isDirectory());
  });

  it("refuses a file, a way through a file, and a link to nothing", () => {
    writeFileSync(join(base, "file"), "");
    symlinkSync(join(base, "nothing"), join(base, "link"));
    assert.throws(() => makeDirectory(join(base, "file")), /EEXIST/);
    assert.throws(() => makeDirectory(join(base, "file", "a")), /ENOTDIR/);
    assert.throws(() => makeDirectory(join(base, "link")), /ENOENT/);
  });

  it("ends where the system has no place for directories", { skip: !existsSync("/proc/self") }, () => {
    assert.throws(() => makeDirectory("/proc/tandem"), /ENOENT/);
    assert.throws(() => makeDirectory("/proc/tandem/a"), /ENOENT/);
  });
});
