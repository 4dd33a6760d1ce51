import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { SnapshotWatch, snapshotPollMs } from "./snapshot-watch.ts";

function watching(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "snapshot-watch-"));
  const directory = join(folder, "state");
  const clock = new HandClock();
  let told = 0;
  const watch = new SnapshotWatch(clock, directory, () => {
    told += 1;
  });
  context.after(() => {
    watch.close();
    rmSync(folder, { recursive: true });
  });
  const write = (text: string): void => {
    writeFileSync(join(directory, "snapshot.json.new"), text);
    renameSync(join(directory, "snapshot.json.new"), join(directory, "snapshot.json"));
  };
  return { directory, clock, watch, write, told: () => told };
}

test("a file that is there is told at once; one that does not change is not told again", (context) => {
  const { directory, clock, watch, write, told } = watching(context);
  mkdirSync(directory);
  write("1");
  watch.start();
  assert.equal(told(), 1);
  clock.advance(3 * snapshotPollMs);
  assert.equal(told(), 1);
});

test("also in a directory that is made later, and without any event: by looking", (context) => {
  const { directory, clock, watch, write, told } = watching(context);
  watch.start();
  assert.equal(told(), 0);
  mkdirSync(directory);
  write("1");
  clock.advance(snapshotPollMs);
  assert.equal(told(), 1);
  // Of the same size: it is another file.
  write("2");
  clock.advance(snapshotPollMs);
  assert.equal(told(), 2);
  watch.close();
  write("3");
  clock.advance(10 * snapshotPollMs);
  assert.equal(told(), 2);
});

test("a change behind the snapshot is told as well", (context) => {
  const { directory, clock, watch, write, told } = watching(context);
  mkdirSync(directory);
  write("1");
  watch.start();
  for (const times of [2, 3]) {
    appendFileSync(join(directory, "snapshot.changes"), "a change\n");
    clock.advance(snapshotPollMs);
    assert.equal(told(), times);
  }
  clock.advance(snapshotPollMs);
  assert.equal(told(), 3);
});
