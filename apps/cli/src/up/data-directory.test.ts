import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { DataDirectory } from "./data-directory.ts";
import { LogFile } from "./log-file.ts";

let base = "";
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "tandem-data-"));
});
afterEach(() => rmSync(base, { recursive: true }));

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe("DataDirectory", () => {
  it("is private, also when it was there before", () => {
    const directory = new DataDirectory(join(base, "a", "b"));
    assert.equal(modeOf(directory.path), 0o700);
    directory.writePrivate("x", "y");
    assert.equal(modeOf(directory.file("x")), 0o600);
    assert.equal(readFileSync(directory.file("x"), "utf8"), "y");
    assert.deepEqual(readdirSync(directory.path).sort(), ["log", "x"]);
  });

  it("says why it cannot be used", () => {
    writeFileSync(join(base, "file"), "");
    assert.throws(() => new DataDirectory(join(base, "file")), /cannot use .*file/);
  });

  it("keeps a secret once it is made, and replaces what is none", () => {
    const directory = new DataDirectory(base);
    const secret = directory.secret("token");
    assert.match(secret, /^[0-9a-f]{64}$/);
    assert.equal(directory.secret("token"), secret);
    assert.equal(modeOf(directory.file("token")), 0o600);
    assert.notEqual(directory.secret("other"), secret);
    directory.writePrivate("token", "short");
    assert.match(directory.secret("token"), /^[0-9a-f]{64}$/);
  });

  it("belongs to one process at a time", () => {
    const [directory, other] = [new DataDirectory(base), new DataDirectory(base)];
    directory.lock(4711);
    assert.equal(readFileSync(directory.file("up.pid"), "utf8"), "4711\n");
    assert.throws(() => other.lock(4712), /process 4711 is running Tandem in .*tandem-data-/);
    directory.unlock();
    other.lock(4712);
    assert.equal(readFileSync(directory.file("up.pid"), "utf8"), "4712\n");
    other.unlock();
    assert.deepEqual(readdirSync(base).sort(), ["log", "up.lock"]);
  });

  it("is taken over from a process that is gone, also when another program has its id now", () => {
    const directory = new DataDirectory(base);
    for (const text of ["999999999\n", "", "words", "-1", `${process.ppid}\n`, `${process.pid}\n`, "1\n"]) {
      directory.writePrivate("up.pid", text);
      directory.lock(4711);
      assert.equal(readFileSync(directory.file("up.pid"), "utf8"), "4711\n");
      directory.unlock();
    }
  });

  it("says which directory and why when the lock cannot be kept in it", () => {
    const directory = new DataDirectory(base);
    mkdirSync(directory.file("up.lock"));
    assert.throws(() => directory.lock(4711), new RegExp(`cannot use ${base}: unable to open`));
    rmSync(directory.file("up.lock"), { recursive: true });
    mkdirSync(directory.file("up.pid.new"));
    assert.throws(() => directory.lock(4711), new RegExp(`cannot use ${base}: .*EISDIR`));
  });
});

describe("LogFile", () => {
  it("moves the full file aside at the limit, not before", () => {
    const log = new LogFile(join(base, "x.log"), 10);
    log.write(Buffer.from("12345"));
    log.write(Buffer.from("6789\n"));
    assert.deepEqual(readdirSync(base), ["x.log"]);
    log.write(Buffer.from("b"));
    log.close();
    assert.equal(readFileSync(join(base, "x.log"), "utf8"), "b");
    assert.equal(readFileSync(join(base, "x.log.1"), "utf8"), "123456789\n");
  });

  it("counts what was there before, and takes a chunk above the limit whole", () => {
    writeFileSync(join(base, "x.log"), "123456789");
    const log = new LogFile(join(base, "x.log"), 10);
    log.write(Buffer.from("ab"));
    log.write(Buffer.from("c".repeat(20)));
    log.close();
    assert.equal(readFileSync(join(base, "x.log"), "utf8"), "c".repeat(20));
    assert.equal(readFileSync(join(base, "x.log.1"), "utf8"), "ab");
  });

  it("shows the last 20 lines", () => {
    const log = new LogFile(join(base, "x.log"));
    log.write(Buffer.from(Array.from({ length: 30 }, (_, index) => `line ${index}\n`).join("")));
    const lines = log.tail().split("\n");
    log.close();
    assert.equal(lines.length, 20);
    assert.equal(lines[0], "line 10");
    assert.equal(lines.at(-1), "line 29");
  });
});
