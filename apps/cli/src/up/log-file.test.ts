import assert from "node:assert/strict";
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { LogFile, logFileLimits } from "./log-file.ts";

function logOf(t: TestContext, maximumBytes: number): { readonly log: LogFile; readonly path: string } {
  const folder = mkdtempSync(join(tmpdir(), "tandem-log-"));
  const path = join(folder, "x.log");
  const log = new LogFile(path, maximumBytes);
  t.after(() => {
    log.close();
    rmSync(folder, { recursive: true });
  });
  return { log, path };
}

const line = (text: string): Uint8Array => Buffer.from(`${text}\n`);

describe("LogFile", () => {
  it("moves the full file aside, and keeps one", (t) => {
    const { log, path } = logOf(t, 8);
    for (const text of ["aaa", "bbb", "ccc", "ddd", "eee"]) log.write(line(text));
    assert.equal(readFileSync(`${path}.1`, "utf8"), "ccc\nddd\n");
    assert.equal(readFileSync(path, "utf8"), "eee\n");
    assert.equal(log.tail(), "eee");
  });

  it("holds lines back while the full file can't be moved, touches no file of others, and goes on afterwards", (t) => {
    const { log, path } = logOf(t, 8);
    mkdirSync(join(`${path}.1`, "in the way"), { recursive: true });
    log.write(line("aaa"));
    log.write(line("bbb"));
    log.write(line("one"));
    // Takes the lowest free descriptor: the log's, had it let go of it.
    const other = openSync(join(path, "..", "other"), "w");
    log.write(line("two"));
    assert.equal(fstatSync(other).size, 0);
    closeSync(other);
    assert.equal(readFileSync(path, "utf8"), "aaa\nbbb\n");
    assert.equal(log.tail(), "aaa\nbbb\none\ntwo");
    rmSync(`${path}.1`, { recursive: true });
    log.write(line("ccc"));
    assert.equal(readFileSync(path, "utf8"), "one\ntwo\nccc\n");
    assert.equal(readFileSync(`${path}.1`, "utf8"), "aaa\nbbb\n");
    assert.equal(log.tail(), "one\ntwo\nccc");
  });

  for (const [what, excess] of [
    ["at the limit", 0],
    ["one past it", 1],
  ] as const) {
    it(`holds back the last bytes only: ${what}`, (t) => {
      const { log, path } = logOf(t, 8);
      mkdirSync(join(`${path}.1`, "in the way"), { recursive: true });
      log.write(line("aaaaaaa"));
      log.write(Buffer.from("b"));
      log.write(Buffer.alloc(logFileLimits.unwrittenBytes - 1 + excess, "c"));
      rmSync(`${path}.1`, { recursive: true });
      log.write(line("d"));
      const kept = `${excess === 0 ? "b" : ""}${"c".repeat(logFileLimits.unwrittenBytes - 1 + excess)}d\n`;
      assert.equal(readFileSync(path, "utf8"), kept);
    });
  }

  it("goes on when the file was taken away", (t) => {
    const { log, path } = logOf(t, 8);
    log.write(line("aaa"));
    rmSync(path);
    log.write(line("bbb"));
    log.write(line("ccc"));
    assert.equal(existsSync(`${path}.1`), false);
    assert.equal(readFileSync(path, "utf8"), "ccc\n");
  });
});
