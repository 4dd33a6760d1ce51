import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { exampleZone } from "../testing/example-zone.ts";
import { ZoneFile } from "./zone-file.ts";
import { maximumSerial, reservedSerials, ZoneSerial } from "./zone-serial.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tandem-zone-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function fail(error: unknown): never {
  throw error;
}

test("the serial grows with every change, and is never below the snapshot's version", async () => {
  const serial = await ZoneSerial.open(directory, fail);
  assert.equal(serial.current, 0);
  await serial.advance(41);
  assert.equal(serial.current, 41);
  await serial.advance(41);
  assert.equal(serial.current, 42);
  await serial.advance(42);
  assert.equal(serial.current, 43);
  await serial.advance(7);
  assert.equal(serial.current, 44);
});

test("a restart never goes back, wherever it falls", async () => {
  let highest = 0;
  for (const changes of [1, 2, reservedSerials - 1, reservedSerials, reservedSerials + 1, 3]) {
    const serial = await ZoneSerial.open(directory, fail);
    await serial.advance(1);
    assert.ok(serial.current > highest, `${serial.current} after ${highest}`);
    for (let change = 1; change < changes; change++) await serial.advance(1);
    highest = serial.current;
  }
});

test("at the end of 32 bits it stands still", async () => {
  writeFileSync(join(directory, "serial"), `${maximumSerial - 1}\n`);
  const serial = await ZoneSerial.open(directory, fail);
  for (let change = 0; change < 3; change++) await serial.advance(1);
  assert.equal(serial.current, maximumSerial);
  assert.equal((await ZoneSerial.open(directory, fail)).current, maximumSerial);
});

test("a file that holds no serial is told, and serials go on", async () => {
  for (const text of ["", "x", "-1", "1.5", String(maximumSerial + 1)]) {
    writeFileSync(join(directory, "serial"), text);
    const failures: unknown[] = [];
    const serial = await ZoneSerial.open(directory, (error) => failures.push(error));
    assert.equal(failures.length, 1, text);
    await serial.advance(5);
    assert.equal(serial.current, 5);
  }
});

test("a directory that cannot be written is told, and serials go on", async () => {
  writeFileSync(join(directory, "file"), "");
  const failures: unknown[] = [];
  const serial = await ZoneSerial.open(join(directory, "file", "state"), (error) => failures.push(error));
  await serial.advance(5);
  assert.deepEqual([serial.current, failures.length > 0], [5, true]);
});

test("the zone on disk is private, replaced in one step, and read back as it was", async () => {
  const state = join(directory, "state");
  const file = new ZoneFile(state);
  assert.equal(await file.read(), undefined);
  await Promise.all([file.write(exampleZone({ version: 1 })), file.write(exampleZone({ version: 2 }))]);
  assert.deepEqual(await file.read(), exampleZone({ version: 2 }));
  assert.equal(statSync(join(state, "zone.json")).mode & 0o777, 0o600);
  assert.equal(statSync(state).mode & 0o777, 0o700);
  assert.deepEqual(JSON.parse(readFileSync(join(state, "zone.json"), "utf8")), exampleZone({ version: 2 }));
});

test("a zone that cannot be used is refused, with its file's name", async () => {
  const file = new ZoneFile(directory);
  writeFileSync(join(directory, "zone.json"), "{");
  await assert.rejects(file.read());
  writeFileSync(join(directory, "zone.json"), JSON.stringify({ ...exampleZone(), edges: 7 }));
  await assert.rejects(file.read(), /zone\.json: \/edges/);
  writeFileSync(join(directory, "zone.json"), JSON.stringify(exampleZone({ formatVersion: 2 })));
  await assert.rejects(file.read(), /format 2 is newer/);
});
