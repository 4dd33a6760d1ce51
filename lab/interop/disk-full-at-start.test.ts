/**
 * A gateway starts on a full disk: it goes on with the calls of its earlier life and takes new ones, by the snapshot that lies there,
 * control hears of it, and what waited in memory is stored once when there is room again.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { fillDisk } from "../harness/fill-disk.ts";
import { waitFor } from "../harness/wait.ts";
import { shortTimers } from "./group.ts";
import { assertRecords, callsUp, hold } from "./held-calls.ts";
import { Stage } from "./stage.ts";

const mayMount = process.getuid?.() === 0 && process.platform === "linux";

describe("a disk that is full at the start", { skip: mayMount ? false : "only root may mount one" }, () => {
  let disk = "";
  let stage: Stage;
  beforeEach(async () => {
    disk = mkdtempSync(join(tmpdir(), "tandem-disk-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tandem-disk-full-test", disk]);
    stage = await Stage.open({
      network: 67,
      exchange: { gateway: { timers: shortTimers, stateDirectory: disk } },
    });
  });
  afterEach(async () => {
    await stage?.close();
    execFileSync("umount", [disk]);
    rmSync(disk, { recursive: true });
  });

  async function alerted(): Promise<void> {
    for (const code of [90307, 90308]) {
      await waitFor(`alert ${code}`, async () => {
        const list = await stage.exchange.api.get(`/v1/Alerts?ErrorCode=${code}`);
        return (list["alerts"] as unknown[]).length > 0;
      });
    }
  }

  async function healed(filler: string): Promise<void> {
    const { gateway } = stage.exchange;
    assert.doesNotMatch(gateway.output, /"ledger-recovered"/);
    rmSync(filler);
    await gateway.waitForOutput('"ledger-recovered"');
  }

  async function nothingLeft(): Promise<void> {
    const { exchange } = stage;
    await waitFor("an empty journal", async () => (await stage.counts()).journal === 0);
    assert.ok(!exchange.gateway.output.includes('"event":"fault"'), "the gateway reported a fault");
    await exchange.gateway.stop();
    assert.deepEqual(exchange.node("gateway-1").outbox(), []);
  }

  it("after a crash: the calls of the earlier life are adopted, new ones taken, each has one record", async () => {
    const { exchange } = stage;
    const early = await hold(stage, { calls: 3, holdMs: 12_000, releasedBy: "caller" });
    await callsUp(stage, 3);
    await exchange.settled();
    await exchange.gateway.kill();
    const filler = fillDisk(join(disk, "filler"));
    await exchange.startGateway();
    assert.match(exchange.gateway.output, /"event":"serving".*"adopted":3,"closed":0/);
    const late = await hold(stage, { calls: 20, holdMs: 1000, releasedBy: "callee" });
    for (const peer of [early.customer, early.carrier, late.customer, late.carrier]) await peer.finish();
    await exchange.gateway.waitForOutput('"ledger-degraded"');
    await alerted();
    await healed(filler);
    await assertRecords(stage, early, 3, true, "caller");
    await assertRecords(stage, late, 20, false, "callee");
    await nothingLeft();
  });

  it("without a journal: it serves by the snapshot, and the journal is made when there is room", async () => {
    const { exchange } = stage;
    await exchange.settled();
    await exchange.gateway.stop();
    for (const name of readdirSync(disk).filter((one) => one.startsWith("ledger"))) rmSync(join(disk, name));
    const filler = fillDisk(join(disk, "filler"));
    await exchange.startGateway();
    assert.match(exchange.gateway.output, /"event":"ledger-degraded".*full.*\n(.*\n)*.*"event":"serving"/);
    await alerted();
    const calls = await hold(stage, { calls: 20, holdMs: 1000, releasedBy: "caller" });
    for (const peer of [calls.customer, calls.carrier]) await peer.finish();
    await healed(filler);
    await assertRecords(stage, calls, 20, false, "caller");
    await nothingLeft();
  });
});
