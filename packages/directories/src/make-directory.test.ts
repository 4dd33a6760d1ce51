import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { makeDirectory } from "./make-directory.ts";

const isRoot = process.getuid?.() === 0;
const mayMount = isRoot && process.platform === "linux";

describe("makeDirectory", () => {
  let base = "";
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), "tandem-make-"));
  });
  afterEach(() => rmSync(base, { recursive: true }));

  /** The error's text without the path of this run, and its code. */
  function refusal(path: string): [string, string | undefined] {
    try {
      makeDirectory(path);
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      return [message.replaceAll(base, "BASE"), code];
    }
    return ["none", undefined];
  }

  it("makes what is missing, for its owner only", () => {
    makeDirectory(join(base, "a", "b", "c"));
    for (const path of ["a", "a/b", "a/b/c"]) {
      assert.equal(statSync(join(base, path)).mode & 0o777, 0o700, path);
    }
  });

  it("takes what is there, through a link too, and leaves its mode alone", () => {
    symlinkSync(base, join(base, "link"));
    chmodSync(base, 0o750);
    makeDirectory(base);
    makeDirectory(join(base, "link"));
    makeDirectory(join(base, "link", "a"));
    assert.ok(statSync(join(base, "a")).isDirectory());
    assert.equal(statSync(base).mode & 0o777, 0o750);
  });

  it("refuses a file, a way through a file, and a link to nothing, and says which", () => {
    writeFileSync(join(base, "file"), "");
    symlinkSync(join(base, "nothing"), join(base, "link"));
    const cannot = (path: string) => `cannot use BASE/${path}:`;
    assert.deepEqual(refusal(join(base, "file")), [
      `${cannot("file")} BASE/file is no directory (EEXIST)`,
      "EEXIST",
    ]);
    assert.deepEqual(refusal(join(base, "file", "a", "b")), [
      `${cannot("file/a/b")} BASE/file is no directory (ENOTDIR)`,
      "ENOTDIR",
    ]);
    assert.equal(refusal(join(base, "link"))[1], "ENOENT");
  });

  it("ends where the system has no place for directories", { skip: !existsSync("/proc/self") }, () => {
    for (const path of ["/proc/tandem", "/proc/tandem/a/b"]) {
      assert.deepEqual(refusal(path), [`cannot use ${path}: /proc takes no directories (ENOENT)`, "ENOENT"]);
    }
  });

  it("refuses what this user may not write in, made or to be made", () => {
    const locked = join(base, "locked");
    mkdirSync(locked, { mode: 0o555 });
    for (const path of [locked, join(locked, "a", "b")]) {
      assert.equal(
        refusalOfStranger(path),
        `cannot use ${path}: no permission to write in ${locked} (EACCES)`,
      );
    }
  });

  /** What somebody hears who is not root: root may write everywhere. */
  function refusalOfStranger(path: string): string {
    chmodSync(base, 0o755);
    const call = `makeDirectory(${JSON.stringify(path)})`;
    const module = new URL("./make-directory.ts", import.meta.url).href;
    const script = `import { makeDirectory } from ${JSON.stringify(module)};
      ${isRoot ? "process.setgroups([]); process.setgid(65534); process.setuid(65534);" : ""}
      try { ${call} } catch (error) { process.stdout.write(error.message) }`;
    const words = ["--input-type=module", "--eval", script];
    return spawnSync(process.execPath, words, { encoding: "utf8" }).stdout;
  }

  it("refuses a read-only file system", {
    skip: mayMount ? false : "only root may mount one",
  }, () => {
    const disk = join(base, "disk");
    mkdirSync(disk);
    execFileSync("mount", ["-t", "tmpfs", "-o", "ro,size=64k", "tandem-read-only-test", disk]);
    try {
      for (const path of ["disk", "disk/a/b"]) {
        assert.deepEqual(refusal(join(base, path)), [
          `cannot use BASE/${path}: the file system of BASE/disk is read-only (EROFS)`,
          "EROFS",
        ]);
      }
    } finally {
      execFileSync("umount", [disk]);
    }
  });

  it("hands on the code of whatever else the system says", () => {
    const [text, code] = refusal(join(base, "n".repeat(300)));
    assert.match(text, /^cannot use BASE.*: ENAMETOOLONG/);
    assert.equal(code, "ENAMETOOLONG");
  });
});
