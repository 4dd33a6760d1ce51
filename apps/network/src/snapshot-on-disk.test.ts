import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { snapshotFormatVersion } from "@tandem/contracts";
import { readSnapshotOnDisk } from "./snapshot-on-disk.ts";
import { exampleSnapshot } from "./testing/example-snapshot.ts";

function directoryFor(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "network-snapshot-"));
  context.after(() => rmSync(directory, { recursive: true }));
  return directory;
}

test("none yet; then what the gateway wrote", async (context) => {
  const directory = directoryFor(context);
  assert.equal(await readSnapshotOnDisk(directory), undefined);
  writeFileSync(join(directory, "snapshot.json"), JSON.stringify(exampleSnapshot()));
  assert.deepEqual(await readSnapshotOnDisk(directory), exampleSnapshot());
});

test("one of the version before has no lines", async (context) => {
  const directory = directoryFor(context);
  const {
    connections: _lines,
    regions: _regions,
    gateways: _gateways,
    backboneKeys: _keys,
    ...old
  } = exampleSnapshot();
  writeFileSync(join(directory, "snapshot.json"), JSON.stringify({ ...old, formatVersion: 1 }));
  assert.deepEqual((await readSnapshotOnDisk(directory))?.connections, []);
});

const unusable: readonly (readonly [what: string, text: string, error: RegExp])[] = [
  ["no JSON", "{", /snapshot\.json: .*JSON/],
  ["not of the contract", JSON.stringify({ ...exampleSnapshot(), realm: 1 }), /snapshot\.json: \/realm/],
  [
    "newer",
    JSON.stringify(exampleSnapshot({ formatVersion: snapshotFormatVersion + 1 })),
    /snapshot\.json: format \d+ is newer than this program/,
  ],
];

for (const [what, text, error] of unusable) {
  test(`refused: ${what}`, async (context) => {
    const directory = directoryFor(context);
    writeFileSync(join(directory, "snapshot.json"), text);
    await assert.rejects(readSnapshotOnDisk(directory), error);
  });
}
