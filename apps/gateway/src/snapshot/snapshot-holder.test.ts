import assert from "node:assert/strict";
import { test } from "node:test";
import { snapshotFormatVersion } from "@tandem/contracts";
import { exampleSnapshot } from "../testing/example-snapshot.ts";
import { SnapshotHolder } from "./snapshot-holder.ts";

test("nothing is in force at first; each snapshot replaces the last and everybody hears of it", () => {
  const holder = new SnapshotHolder();
  const heard: number[] = [];
  holder.onApplied((table) => heard.push(table.snapshot.version));
  const before = holder.table;
  assert.equal(before, undefined);
  assert.equal(holder.version, 0);
  holder.apply(exampleSnapshot({ version: 7 }));
  const first = holder.table;
  holder.apply(exampleSnapshot({ version: 8 }));
  assert.equal(holder.version, 8);
  assert.notEqual(holder.table, first);
  assert.equal(first?.snapshot.version, 7, "a call keeps the table it began with");
  assert.deepEqual(heard, [7, 8]);
});

test("a snapshot of a newer format is refused, one of this format or an older one is not", () => {
  const holder = new SnapshotHolder();
  holder.apply(exampleSnapshot({ version: 7, formatVersion: snapshotFormatVersion - 1 }));
  holder.apply(exampleSnapshot({ version: 8, formatVersion: snapshotFormatVersion }));
  assert.throws(
    () => holder.apply(exampleSnapshot({ version: 9, formatVersion: snapshotFormatVersion + 1 })),
    /snapshot format \d+ is newer than this program/,
  );
  assert.equal(holder.version, 8);
});

test("one that a listener can't use leaves the old one in force, for everybody", () => {
  const holder = new SnapshotHolder();
  const heard: number[] = [];
  holder.onApplied((table) => heard.push(table.snapshot.version));
  holder.onApplied((table) => {
    if (table.snapshot.version === 8) throw new Error("unusable nonce key");
  });
  holder.apply(exampleSnapshot({ version: 7 }));
  assert.throws(() => holder.apply(exampleSnapshot({ version: 8 })), /unusable nonce key/);
  assert.equal(holder.version, 7);
  assert.deepEqual(heard, [7, 8, 7]);
});

test("the very first one may fail as well", () => {
  const holder = new SnapshotHolder();
  holder.onApplied(() => {
    throw new Error("unusable nonce key");
  });
  assert.throws(() => holder.apply(exampleSnapshot()), /unusable nonce key/);
  assert.equal(holder.table, undefined);
});
