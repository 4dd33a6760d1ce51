import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import type { SnapshotChange } from "@tandem/contracts";
import { RoutingTable } from "@tandem/routing";
import { exampleSnapshot } from "../testing/example-snapshot.ts";
import { KeptSnapshot, keepAgainMs } from "./kept-snapshot.ts";

const tableOf = (version: number): RoutingTable => RoutingTable.from(exampleSnapshot({ version }));
const change = { fromVersion: 3, toVersion: 4, put: {}, removed: {} } as unknown as SnapshotChange;

function scripted() {
  const clock = new HandClock();
  const disk = { isFull: false, asked: [] as string[] };
  const failures: string[] = [];
  let inForce = tableOf(3);
  const kept = new KeptSnapshot({
    clock,
    store: {
      keep: async (table, given) => {
        disk.asked.push(`${table.snapshot.version}${given === undefined ? "" : " as a change"}`);
        if (disk.isFull) throw new Error("ENOSPC");
      },
    },
    table: () => inForce,
    onFailed: (error) => void failures.push(String(error)),
  });
  /** Time passes, and what the disk answered is dealt with. */
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  return { clock, disk, failures, kept, pass, apply: (table: RoutingTable) => (inForce = table) };
}

describe("KeptSnapshot", () => {
  it("hands what comes to the disk, and leaves it there", async () => {
    const { kept, disk, pass, clock } = scripted();
    kept.keep(tableOf(3));
    kept.keep(tableOf(4), change);
    await pass(10 * keepAgainMs);
    assert.deepEqual(disk.asked, ["3", "4 as a change"]);
    assert.equal(clock.pendingTimers, 0);
  });

  it("tries a disk that refused again, with what is in force by then, until it takes it", async () => {
    const { kept, disk, failures, pass, apply, clock } = scripted();
    disk.isFull = true;
    kept.keep(tableOf(4), change);
    await pass(0);
    assert.deepEqual(failures, ["Error: ENOSPC"]);
    apply(tableOf(5));
    await pass(keepAgainMs - 1);
    assert.deepEqual(disk.asked, ["4 as a change"]);
    await pass(1);
    assert.deepEqual(disk.asked, ["4 as a change", "5"], "as a whole");
    disk.isFull = false;
    await pass(keepAgainMs);
    assert.deepEqual(disk.asked, ["4 as a change", "5", "5"]);
    await pass(10 * keepAgainMs);
    assert.equal(disk.asked.length, 3);
    assert.equal(failures.length, 2);
    assert.equal(clock.pendingTimers, 0);
  });

  it("is content when the next one that came was taken", async () => {
    const { kept, disk, pass } = scripted();
    disk.isFull = true;
    kept.keep(tableOf(3));
    await pass(0);
    disk.isFull = false;
    kept.keep(tableOf(4));
    await pass(10 * keepAgainMs);
    assert.deepEqual(disk.asked, ["3", "4"]);
  });

  it("does not try again once closed", async () => {
    const { kept, disk, pass } = scripted();
    disk.isFull = true;
    kept.keep(tableOf(3));
    await pass(0);
    kept.close();
    await pass(keepAgainMs);
    assert.deepEqual(disk.asked, ["3"]);
  });
});
