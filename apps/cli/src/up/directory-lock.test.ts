import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { DirectoryLock } from "./directory-lock.ts";

const isFreeIn = (file: string): boolean => {
  const lock = DirectoryLock.take(file);
  lock?.release();
  return lock !== undefined;
};

/** As another process sees it. */
function isHeldForOthers(file: string): boolean {
  const source = `import { DirectoryLock } from ${JSON.stringify(join(import.meta.dirname, "directory-lock.ts"))};
    process.exit(DirectoryLock.take(${JSON.stringify(file)}) === undefined ? 3 : 4);`;
  return spawnSync(process.execPath, ["--input-type=module-typescript", "-e", source]).status === 3;
}

describe("DirectoryLock", () => {
  let folder = "";
  let file = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tandem-lock-"));
    file = join(folder, "up.lock");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is held until it is released, and leaves an empty private file", () => {
    const lock = DirectoryLock.take(file);
    assert.ok(lock !== undefined);
    assert.deepEqual(readdirSync(folder), ["up.lock"]);
    assert.equal(DirectoryLock.take(file), undefined);
    assert.ok(isHeldForOthers(file), "another attempt of this process has lost the lock");
    lock.release();
    assert.ok(isFreeIn(file));
    assert.deepEqual(readdirSync(folder), ["up.lock"]);
    assert.equal(readFileSync(file, "utf8"), "");
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it("is taken back from a process that was killed, not from one that lives", async () => {
    const source = `
      import { DirectoryLock } from ${JSON.stringify(join(import.meta.dirname, "directory-lock.ts"))};
      globalThis.lock = DirectoryLock.take(${JSON.stringify(file)});
      console.log(lock === undefined ? "busy" : "held");
      setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ["--input-type=module-typescript", "-e", source], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      assert.equal(String((await once(holder.stdout, "data"))[0]), "held\n");
      assert.equal(DirectoryLock.take(file), undefined);
    } finally {
      const ended = once(holder, "exit");
      holder.kill("SIGKILL");
      await ended;
    }
    assert.ok(isFreeIn(file));
  });

  it("throws where no lock can be", () => {
    assert.throws(() => DirectoryLock.take(join(folder, "none", "up.lock")), /ENOENT/);
    writeFileSync(file, "no database, but words that are long enough to be looked at. ".repeat(20));
    assert.throws(() => DirectoryLock.take(file), /not a database/);
  });
});
