/** Filling the map would take half a minute: the kernel says how much room it has. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { layoutVersion, maximumFlows } from "../src/kernel/layout/index.ts";
import { missingForKernelTests } from "./kernel/requirements.ts";
import { kernelRelay } from "./kernel/stage.ts";
import { ThreeHosts } from "./kernel/three-hosts.ts";

describe("the map of the kernel engine", { skip: missingForKernelTests() ?? false }, () => {
  let hosts: ThreeHosts;
  before(() => {
    hosts = new ThreeHosts();
  });
  after(() => hosts.close());

  test("has room for 131,072 flows: 32,768 calls of one medium", async () => {
    const relay = await kernelRelay(hosts, new HandClock());
    try {
      assert.equal(maximumFlows, 4 * 32_768);
      const pin = join(hosts.bpfDirectory, "gateway", `layout-${layoutVersion}`, "flows");
      const shown = execFileSync("bpftool", ["-j", "map", "show", "pinned", pin], { encoding: "utf8" });
      const { max_entries: room } = JSON.parse(shown) as { max_entries: number };
      assert.equal(room, maximumFlows);
    } finally {
      await relay.close();
    }
  });
});
