/** Which capabilities the kernel engine needs, shown by processes that have no others. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { missingForKernelTests } from "./kernel/requirements.ts";
import { ThreeHosts } from "./kernel/three-hosts.ts";

const needed = ["bpf", "net_admin", "perfmon"] as const;

describe("the kernel engine's process", { skip: missingForKernelTests() ?? false }, () => {
  let hosts: ThreeHosts;
  before(() => {
    hosts = new ThreeHosts();
  });
  after(() => hosts.close());

  /** What it writes until it relays, or until its end. */
  const outcome = (capabilities: readonly string[]): Promise<string> => {
    const set = ["-all", ...capabilities.map((name) => `+${name}`)].join(",");
    const script = join(import.meta.dirname, "kernel/relay-process.ts");
    const namespace = `--net=/run/netns/${hosts.gateway}`;
    const privileges = ["setpriv", `--bounding-set=${set}`, `--inh-caps=${set}`];
    const node = [process.execPath, "--disable-warning=ExperimentalWarning", script];
    const directories = [hosts.bpfDirectory, join(hosts.directory, "cache")];
    const child = spawn("nsenter", [namespace, ...privileges, ...node, ...directories], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    return new Promise((resolve) => {
      const keep = (chunk: Buffer): void => {
        output += chunk.toString();
        if (output.includes('"journals"')) child.kill("SIGKILL");
      };
      child.stdout.on("data", keep);
      child.stderr.on("data", keep);
      child.once("close", () => resolve(output));
    });
  };

  test("needs three capabilities, where a bpf file system is mounted", async () => {
    assert.match(await outcome(needed), /"journals"/);
  });

  for (const name of needed) {
    test(`says so when it lacks CAP_${name.toUpperCase()}`, async () => {
      const others = needed.filter((one) => one !== name);
      assert.match(await outcome(others), new RegExp(`the process lacks CAP_${name.toUpperCase()}`));
    });
  }
});
