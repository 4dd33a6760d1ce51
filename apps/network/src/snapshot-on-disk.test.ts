import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type SnapshotChange, snapshotFormatVersion } from "@tandem/contracts";
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

/** A change that takes all lines away. */
function closing(fromVersion: number): SnapshotChange {
  const removed = { connections: exampleSnapshot().connections.map(({ sid }) => sid) };
  return {
    formatVersion: snapshotFormatVersion,
    fromVersion,
    toVersion: fromVersion + 1,
    settings: {},
    put: {},
    removed,
    counts: {
      accounts: 0,
      trunks: 0,
      ipAccessControlLists: 0,
      credentialLists: 0,
      numbers: 0,
      carriers: 0,
      connections: 0,
    },
  };
}

test("changes behind the snapshot are taken as far as they lead from one to the next", async (context) => {
  const directory = directoryFor(context);
  const text = JSON.stringify(exampleSnapshot());
  const { version } = exampleSnapshot();
  writeFileSync(join(directory, "snapshot.json"), text);
  const header = JSON.stringify({ snapshotVersion: version, snapshotBytes: Buffer.byteLength(text) });
  const line = JSON.stringify(closing(version));
  const rows: readonly (readonly [changes: string, version: number])[] = [
    [`${header}\n${line}\n`, version + 1],
    [`${header}\n${line}\n${JSON.stringify(closing(version + 1))}\n`, version + 2],
    [`${header}\n${line}\n${line}\n`, version + 1],
    [`${header}\n${line}`, version],
    [`${header}\n${line.slice(0, -9)}\n`, version],
    [`${JSON.stringify({ snapshotVersion: version, snapshotBytes: 1 })}\n${line}\n`, version],
    ["", version],
  ];
  for (const [changes, expected] of rows) {
    writeFileSync(join(directory, "snapshot.changes"), changes);
    const read = await readSnapshotOnDisk(directory);
    assert.equal(read?.version, expected, changes);
    assert.equal(read?.connections.length === 0, expected > version);
  }
});
