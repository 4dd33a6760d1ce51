/**
 * The disk of a gateway that carries calls is full for a while: no call is refused or ended for it, control hears of it at once,
 * and what waited in memory gets there once when there is room again.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fillDisk } from "../harness/fill-disk.ts";
import { waitFor } from "../harness/wait.ts";
import { shortTimers } from "./group.ts";
import { assertRecords, callsUp, hold } from "./held-calls.ts";
import { Stage } from "./stage.ts";

const mayMount = process.getuid?.() === 0 && process.platform === "linux";

describe("a full disk", { skip: mayMount ? false : "only root may mount a small disk" }, () => {
  let disk = "";
  let stage: Stage;
  before(async () => {
    disk = mkdtempSync(join(tmpdir(), "tandem-disk-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tandem-disk-full-test", disk]);
    stage = await Stage.open({
      network: 12,
      block: "127.2",
      exchange: { gateway: { timers: shortTimers, stateDirectory: disk } },
    });
  });
  after(async () => {
    await stage?.close();
    execFileSync("umount", [disk]);
    rmSync(disk, { recursive: true });
  });

  async function alertsOf(code: number): Promise<readonly Record<string, unknown>[]> {
    const list = await stage.exchange.api.get(`/v1/Alerts?ErrorCode=${code}`);
    return list["alerts"] as Record<string, unknown>[];
  }

  it("ends and refuses no call; control is told at once, and gets every record once later", async () => {
    const { gateway } = stage.exchange;
    const early = await hold(stage, { calls: 5, holdMs: 8000, releasedBy: "caller" });
    await callsUp(stage, 5);
    const filler = fillDisk(join(disk, "filler"));
    const calls = 60;
    const late = await hold(stage, { calls, holdMs: 5000, releasedBy: "callee" });
    await gateway.waitForOutput('"ledger-degraded"');
    await gateway.waitForOutput('"snapshot-not-kept"');
    for (const peer of [early.customer, early.carrier, late.customer, late.carrier]) await peer.finish();
    for (const code of [90307, 90308]) {
      const [alert] = await waitFor(`alert ${code}`, async () => {
        const alerts = await alertsOf(code);
        return alerts.length > 0 && alerts;
      });
      assert.match(String(alert?.["alert_text"]), /full/);
      assert.equal(alert?.["log_level"], "error");
    }
    assert.doesNotMatch(gateway.output, /"ledger-recovered"/);
    assert.deepEqual(
      readdirSync(disk).filter((name) => name.endsWith(".new")),
      [],
    );

    rmSync(filler);
    await gateway.waitForOutput('"ledger-recovered"');
    await assertRecords(stage, early, 5, false, "caller");
    await assertRecords(stage, late, calls, false, "callee");
    await waitFor("an empty journal", async () => (await stage.counts()).journal === 0);
    for (const code of [90307, 90308])
      assert.equal((await alertsOf(code)).length, 1, "not once more by the outbox");
    await waitFor(
      "the newest snapshot on the disk",
      () => {
        const kept = /"version":(\d+)/.exec(readFileSync(join(disk, "snapshot.json"), "utf8"));
        return Number(kept?.[1]) === stage.exchange.node("gateway-1").snapshotVersion;
      },
      30_000,
    );
    assert.ok(!gateway.output.includes('"event":"fault"'), "the gateway reported a fault");
    await gateway.stop();
    assert.deepEqual(stage.exchange.node("gateway-1").outbox(), []);
  });
});
