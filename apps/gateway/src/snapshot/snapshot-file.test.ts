import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { snapshotFormatVersion } from "@tandem/contracts";
import { exampleSnapshot } from "../testing/example-snapshot.ts";
import { SnapshotFile } from "./snapshot-file.ts";

function directoryFor(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "snapshot-file-"));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, "state");
}

test("there is none at first; what was written is read by the next owner", async (context) => {
  const directory = directoryFor(context);
  assert.equal(await new SnapshotFile(directory).read(), undefined);
  await new SnapshotFile(directory).write(exampleSnapshot({ version: 3 }));
  assert.deepEqual(await new SnapshotFile(directory).read(), exampleSnapshot({ version: 3 }));
});

test("it holds secrets: nobody else can read file or directory, even where somebody could", async (context) => {
  const directory = directoryFor(context);
  const file = new SnapshotFile(directory);
  await file.write(exampleSnapshot());
  assert.equal(statSync(directory).mode & 0o777, 0o700);
  writeFileSync(join(directory, "snapshot.json.new"), "left over");
  chmodSync(join(directory, "snapshot.json.new"), 0o644);
  await file.write(exampleSnapshot({ version: 9 }));
  assert.equal(statSync(join(directory, "snapshot.json")).mode & 0o777, 0o600);
});

test("the file is replaced, never written to: a reader sees the old or the new one", async (context) => {
  const directory = directoryFor(context);
  const file = new SnapshotFile(directory);
  await file.write(exampleSnapshot());
  const before = statSync(join(directory, "snapshot.json")).ino;
  await file.write(exampleSnapshot({ version: 9 }));
  assert.notEqual(statSync(join(directory, "snapshot.json")).ino, before);
  assert.deepEqual(readdirSync(directory), ["snapshot.json"]);
});

test("writes come one after the other: the last one given is the one that stays", async (context) => {
  const file = new SnapshotFile(directoryFor(context));
  const versions = Array.from({ length: 20 }, (_, index) => index + 1);
  await Promise.all(versions.map((version) => file.write(exampleSnapshot({ version }))));
  assert.equal((await file.read())?.version, 20);
});

test("a write that failed does not keep the next from being made", async (context) => {
  const directory = directoryFor(context);
  writeFileSync(directory, "in the way");
  const file = new SnapshotFile(directory);
  await assert.rejects(file.write(exampleSnapshot()));
  rmSync(directory);
  await file.write(exampleSnapshot());
  assert.equal((await file.read())?.version, 7);
});

const unusable: readonly (readonly [what: string, text: string, error: RegExp])[] = [
  ["no JSON", "{", /JSON/],
  ["not of the contract", JSON.stringify({ ...exampleSnapshot(), realm: 1 }), /snapshot\.json: \/realm/],
  [
    "of a newer format",
    JSON.stringify(exampleSnapshot({ formatVersion: snapshotFormatVersion + 1 })),
    /snapshot\.json: format \d+ is newer than this program/,
  ],
];

for (const [what, text, error] of unusable) {
  test(`a file that is ${what} is refused`, async (context) => {
    const directory = directoryFor(context);
    await new SnapshotFile(directory).write(exampleSnapshot());
    writeFileSync(join(directory, "snapshot.json"), text);
    await assert.rejects(new SnapshotFile(directory).read(), error);
  });
}
