import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { KeyFileError, readKeyFile } from "./key-file.ts";

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "tandem-key-"));
  path = join(directory, "secret.key");
});
afterEach(() => rm(directory, { recursive: true }));

test("the first start makes the file with mode 0600, the next ones read the same key", async () => {
  const key = await readKeyFile(path, true);
  assert.equal(key.length, 32);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.equal(await readFile(path, "utf8"), `${key.toString("hex")}\n`);
  assert.deepEqual(await readKeyFile(path, true), key);
  assert.deepEqual(await readKeyFile(path, false), key);
});

test("an installation whose key file has gone is told so, and no new key is made", async () => {
  await assert.rejects(readKeyFile(path, false), {
    name: "KeyFileError",
    message: `the key file ${path} is missing: without it the secrets in the database cannot be read`,
  });
  await assert.rejects(stat(path));
});

test("a file that others may read is refused", async () => {
  await readKeyFile(path, true);
  for (const mode of [0o640, 0o604, 0o601, 0o620]) {
    await chmod(path, mode);
    await assert.rejects(readKeyFile(path, false), /may be read by others \(mode 06\d\d\): chmod 600 it/);
  }
  await chmod(path, 0o400);
  assert.equal((await readKeyFile(path, false)).length, 32);
});

test("a file that holds something else is refused", async () => {
  for (const text of ["", "a".repeat(63), "a".repeat(65), "g".repeat(64), `${"a".repeat(64)}\n\n`]) {
    await writeFile(path, text, { mode: 0o600 });
    await assert.rejects(readKeyFile(path, true), /does not hold 64 hex digits/, JSON.stringify(text));
  }
});

test("a directory that does not exist is a clear error", async () => {
  await assert.rejects(readKeyFile(join(directory, "none", "key"), true), KeyFileError);
});
