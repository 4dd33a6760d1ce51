/** Filling the maps would take half a minute: the kernel says how much room they have. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { layoutVersion, maximumFlows } from "../src/kernel/layout.ts";
import { missingForKernelTests } from "./kernel/requirements.ts";
import { kernelRelay } from "./kernel/stage.ts";
import { ThreeHosts } from "./kernel/three-hosts.ts";

describe("the maps of the kernel engine", { skip: missingForKernelTests() ?? false }, () => {
  let hosts: ThreeHosts;
  before(() => {
    hosts = new ThreeHosts();
  });
  after(() => hosts.close());

  test("have room for 131,072 flows and as many states: 32,768 calls of one medium", async () => {
    const relay = await kernelRelay(hosts, new HandClock());
    try {
      assert.equal(maximumFlows, 4 * 32_768);
      for (const map of ["flows", "states"]) {
        const pin = join(hosts.bpfDirectory, "gateway", `layout-${layoutVersion}`, map);
        const shown = execFileSync("bpftool", ["-j", "map", "show", "pinned", pin], { encoding: "utf8" });
        const { max_entries: room } = JSON.parse(shown) as { max_entries: number };
        assert.equal(room, maximumFlows, map);
      }
    } finally {
      await relay.close();
    }
  });
});
