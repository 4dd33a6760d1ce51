import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
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
    const directory = new DataDirectory(base);
    directory.lock(process.pid);
    assert.throws(() => directory.lock(process.pid + 1), new RegExp(`process ${process.pid} is running`));
    directory.lock(process.pid);
    directory.unlock();
    directory.lock(process.pid + 1);
  });

  it("is taken over from a process that is gone", () => {
    const directory = new DataDirectory(base);
    for (const text of ["999999999\n", "", "words", "-1"]) {
      directory.writePrivate("up.pid", text);
      directory.lock(process.pid);
      assert.equal(readFileSync(directory.file("up.pid"), "utf8"), `${process.pid}\n`);
    }
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
