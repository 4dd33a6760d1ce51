import assert from "node:assert/strict";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Snapshot, type SnapshotChange, snapshotFormatVersion } from "@tandem/contracts";
import { RoutingTable } from "@tandem/routing";
import { exampleSnapshot } from "../testing/example-snapshot.ts";
import { maximumChangesBytes, SnapshotStore, smallSnapshotBytes } from "./snapshot-store.ts";

function directoryFor(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "snapshot-store-"));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, "state");
}

/** As the next owner finds it. */
async function read(directory: string): Promise<Snapshot | undefined> {
  return (await new SnapshotStore(directory).read())?.document();
}

test("there is none at first; what was written is read by the next owner", async (context) => {
  const directory = directoryFor(context);
  assert.equal(await read(directory), undefined);
  await new SnapshotStore(directory).keep(RoutingTable.from(exampleSnapshot({ version: 3 })));
  assert.deepEqual(await read(directory), exampleSnapshot({ version: 3 }));
});

test("it holds secrets: nobody else can read file or directory, even where somebody could", async (context) => {
  const directory = directoryFor(context);
  const file = new SnapshotStore(directory);
  await file.keep(RoutingTable.from(exampleSnapshot()));
  assert.equal(statSync(directory).mode & 0o777, 0o700);
  writeFileSync(join(directory, "snapshot.json.new"), "left over");
  chmodSync(join(directory, "snapshot.json.new"), 0o644);
  await file.keep(RoutingTable.from(exampleSnapshot({ version: 9 })));
  assert.equal(statSync(join(directory, "snapshot.json")).mode & 0o777, 0o600);
});

test("the file is replaced, never written to: a reader sees the old or the new one", async (context) => {
  const directory = directoryFor(context);
  const file = new SnapshotStore(directory);
  await file.keep(RoutingTable.from(exampleSnapshot()));
  const before = statSync(join(directory, "snapshot.json")).ino;
  await file.keep(RoutingTable.from(exampleSnapshot({ version: 9 })));
  assert.notEqual(statSync(join(directory, "snapshot.json")).ino, before);
  assert.deepEqual(readdirSync(directory), ["snapshot.json"]);
});

test("one that cannot be put in its place leaves nothing behind, and is not in the way of the next", async (context) => {
  const directory = directoryFor(context);
  const file = new SnapshotStore(directory);
  mkdirSync(join(directory, "snapshot.json", "in the way"), { recursive: true });
  await assert.rejects(file.keep(RoutingTable.from(exampleSnapshot())), /EISDIR|ENOTEMPTY/);
  assert.deepEqual(readdirSync(directory), ["snapshot.json"]);
  rmSync(join(directory, "snapshot.json"), { recursive: true });
  await file.keep(RoutingTable.from(exampleSnapshot({ version: 9 })));
  assert.equal((await read(directory))?.version, 9);
});

test("writes come one after the other: the last one given is the one that stays", async (context) => {
  const file = new SnapshotStore(directoryFor(context));
  const versions = Array.from({ length: 20 }, (_, index) => index + 1);
  await Promise.all(versions.map((version) => file.keep(RoutingTable.from(exampleSnapshot({ version })))));
  assert.equal((await file.read())?.snapshot.version, 20);
});

test("a write that failed does not keep the next from being made", async (context) => {
  const directory = directoryFor(context);
  writeFileSync(directory, "in the way");
  const file = new SnapshotStore(directory);
  await assert.rejects(file.keep(RoutingTable.from(exampleSnapshot())));
  rmSync(directory);
  await file.keep(RoutingTable.from(exampleSnapshot()));
  assert.equal((await file.read())?.snapshot.version, 7);
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
    await new SnapshotStore(directory).keep(RoutingTable.from(exampleSnapshot()));
    writeFileSync(join(directory, "snapshot.json"), text);
    await assert.rejects(read(directory), error);
  });
}

/** Large enough for changes to be kept behind it. */
const large = (version = 1): Snapshot => exampleSnapshot({ version, realm: "r".repeat(smallSnapshotBytes) });

function changeFrom(fromVersion: number, phoneNumber: string, sid = "PN1"): SnapshotChange {
  const { accounts, trunks, ipAccessControlLists, credentialLists, numbers, carriers, connections } = large();
  const put = { numbers: [{ sid, accountSid: "AC1", trunkSid: null, phoneNumber }] };
  return {
    formatVersion: snapshotFormatVersion,
    fromVersion,
    toVersion: fromVersion + 1,
    settings: {},
    put,
    removed: {},
    counts: {
      accounts: accounts.length,
      trunks: trunks.length,
      ipAccessControlLists: ipAccessControlLists.length,
      credentialLists: credentialLists.length,
      numbers: numbers.length + fromVersion,
      carriers: carriers.length,
      connections: connections.length,
    },
  };
}

/** Keeps a large snapshot and some changes; the table after them. */
async function keepChanges(store: SnapshotStore, count: number): Promise<RoutingTable> {
  let table = RoutingTable.from(large());
  await store.keep(table);
  for (let version = 1; version <= count; version += 1) {
    const change = changeFrom(version, `+1555${version}`);
    table = table.changed(change);
    await store.keep(table, change);
  }
  return table;
}

test("a change of a large snapshot is written behind it, and is there for the next owner", async (context) => {
  const directory = directoryFor(context);
  const table = await keepChanges(new SnapshotStore(directory), 3);
  const { ino } = statSync(join(directory, "snapshot.json"));
  assert.equal(statSync(join(directory, "snapshot.changes")).mode & 0o777, 0o600);
  const next = new SnapshotStore(directory);
  const found = await next.read();
  assert.deepEqual(found?.document(), table.document());
  assert.equal(found?.snapshot.version, 4);
  const change = changeFrom(4, "+15554");
  await next.keep(table.changed(change), change);
  assert.equal(statSync(join(directory, "snapshot.json")).ino, ino, "it goes on behind the same one");
  assert.equal((await read(directory))?.version, 5);
});

test("a small snapshot is written again at a change", async (context) => {
  const directory = directoryFor(context);
  const store = new SnapshotStore(directory);
  const table = RoutingTable.from({ ...large(), realm: "r" });
  await store.keep(table);
  const change = changeFrom(1, "+1555");
  await store.keep(table.changed(change), change);
  assert.deepEqual(readdirSync(directory), ["snapshot.json"]);
  assert.equal((await read(directory))?.version, 2);
});

test("changes that come while one is being written are all kept", async (context) => {
  const directory = directoryFor(context);
  const store = new SnapshotStore(directory);
  let table = RoutingTable.from(large());
  const writes = [store.keep(table)];
  for (let version = 1; version <= 50; version += 1) {
    const change = changeFrom(version, `+1555${version}`);
    table = table.changed(change);
    writes.push(store.keep(table, change));
  }
  await Promise.all(writes);
  assert.deepEqual(await read(directory), table.document());
});

test("a line that was cut off is as good as not there, and the next to be kept is a whole one", async (context) => {
  const directory = directoryFor(context);
  const file = join(directory, "snapshot.changes");
  const table = await keepChanges(new SnapshotStore(directory), 2);
  const sound = readFileSync(file);
  for (const cut of [sound.length - 1, sound.length - 40, sound.indexOf("\n") + 5, 10, 0]) {
    writeFileSync(file, sound.subarray(0, cut));
    const store = new SnapshotStore(directory);
    const before = await store.read();
    assert.ok((before?.snapshot.version ?? 0) < 3, `cut at ${cut}`);
    await store.keep(table);
    assert.deepEqual(readdirSync(directory), ["snapshot.json"]);
    assert.deepEqual(await read(directory), table.document());
    await keepChanges(new SnapshotStore(directory), 2);
  }
});

test("a change is never written behind a line that was cut off", async (context) => {
  const directory = directoryFor(context);
  await keepChanges(new SnapshotStore(directory), 1);
  appendFileSync(join(directory, "snapshot.changes"), '{"formatVersion":2,');
  const store = new SnapshotStore(directory);
  const table = (await store.read()) ?? assert.fail();
  assert.equal(table.snapshot.version, 2);
  const change = changeFrom(2, "+15552");
  await store.keep(table.changed(change), change);
  assert.equal((await read(directory))?.version, 3);
});

test("changes of another snapshot are not applied, whatever their versions", async (context) => {
  const directory = directoryFor(context);
  await keepChanges(new SnapshotStore(directory), 1);
  const changes = readFileSync(join(directory, "snapshot.changes"));
  await new SnapshotStore(directory).keep(RoutingTable.from({ ...large(), realm: "other".repeat(300_000) }));
  writeFileSync(join(directory, "snapshot.changes"), changes);
  assert.equal((await read(directory))?.version, 1);
});

test("a change that leads to other counts than it says ends the row; what was before it holds", async (context) => {
  const directory = directoryFor(context);
  const store = new SnapshotStore(directory);
  const table = await keepChanges(store, 1);
  const change = changeFrom(2, "+15551");
  await store.keep(table, { ...change, counts: { ...change.counts, numbers: 99 } });
  assert.equal((await read(directory))?.version, 2);
});

test("a change that does not follow what was kept makes a whole one", async (context) => {
  const directory = directoryFor(context);
  const store = new SnapshotStore(directory);
  await keepChanges(store, 1);
  const table = RoutingTable.from({ ...large(8) });
  const change = { ...changeFrom(7, "+1555"), fromVersion: 7 };
  await store.keep(table, change);
  assert.deepEqual(readdirSync(directory), ["snapshot.json"]);
  assert.equal((await read(directory))?.version, 8);
});

test("when the changes are larger than their limit, the snapshot is written again", async (context) => {
  const directory = directoryFor(context);
  const store = new SnapshotStore(directory);
  let table = RoutingTable.from(large());
  await store.keep(table);
  const long = (version: number): SnapshotChange => ({
    ...changeFrom(version, `+1555${version}`, "P".repeat(maximumChangesBytes / 2 - 4096)),
  });
  for (const [version, files] of [
    [1, ["snapshot.changes", "snapshot.json"]],
    [2, ["snapshot.changes", "snapshot.json"]],
    [3, ["snapshot.json"]],
  ] as const) {
    table = table.changed(long(version));
    await store.keep(table, long(version));
    assert.deepEqual(readdirSync(directory), files, `version ${version}`);
  }
  assert.equal((await read(directory))?.version, 4);
});

test("a file of an older program, in one line, is read as well", async (context) => {
  const directory = directoryFor(context);
  await new SnapshotStore(directory).keep(RoutingTable.from(exampleSnapshot()));
  for (const text of [JSON.stringify(exampleSnapshot()), JSON.stringify(exampleSnapshot(), undefined, 2)]) {
    writeFileSync(join(directory, "snapshot.json"), text);
    assert.deepEqual(await read(directory), RoutingTable.from(exampleSnapshot()).document());
  }
});
