/**
 * Programs under what their units leave them: a user of their own, its capabilities and limits and no more, a read-only file system.
 * Each runs in a network namespace of its own.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Program } from "../harness/program.ts";
import { waitFor } from "../harness/wait.ts";
import {
  mayRaiseLimits,
  runCommands,
  runConfined,
  userIdOf,
  writeConfiguration,
} from "./confined-program.ts";
import { UnitFile } from "./unit-file.ts";

const isLinuxRoot = process.getuid?.() === 0 && process.platform === "linux";
const kernelMedia = "The kernel media engine";
const address = "10.66.0.1";
const bpfDirectory = "/run/tandem/bpf";
const control = { url: "http://127.0.0.1:9", token: "a-token-of-its-own" };

describe("confined", { skip: isLinuxRoot ? false : "only root may make namespaces" }, () => {
  let host = "";
  let network = "";
  let program: Program | undefined;
  beforeEach(() => {
    host = mkdtempSync(join(tmpdir(), "tandem-confined-"));
    chmodSync(host, 0o755);
    network = `tandem-units-${process.pid}`;
    execFileSync("ip", ["netns", "add", network]);
    const inside = (...words: string[]) => execFileSync("ip", ["-n", network, ...words]);
    inside("link", "set", "lo", "up");
    inside("link", "add", "lan0", "type", "veth", "peer", "name", "lan1");
    inside("address", "add", `${address}/24`, "dev", "lan0");
    inside("link", "set", "lan0", "up");
    inside("link", "set", "lan1", "up");
  });
  afterEach(async () => {
    await program?.stop(20_000);
    execFileSync("ip", ["netns", "del", network]);
    rmSync(host, { recursive: true });
  });

  function gatewayConfiguration(name: string): object {
    return {
      name,
      edge: "ashburn-ix",
      region: "us1",
      stateDirectory: join(host, "var/lib/tandem", `gateway-${name}`),
      control,
      interfaces: [
        { name: "customers", roles: ["private"], localAddress: address, udpPort: 5060, tcpPort: 5060 },
      ],
      mediaPorts: { first: 42_000, last: 42_999 },
      preboundEndpoints: 1,
      media: { bpfDirectory: join(host, bpfDirectory) },
    };
  }

  function gateway(unit: UnitFile): Program {
    const name = `units-${process.pid}`;
    writeConfiguration(host, `gateway-${name}.yaml`, "tandem-gateway", gatewayConfiguration(name));
    return runConfined({ unit, instance: name, host, network });
  }

  /** Line of that event in the output so far. */
  function line(of: Program, event: string): Record<string, unknown> {
    const found = of.output.split("\n").find((text) => text.includes(`"event":"${event}"`));
    return JSON.parse(found ?? "{}") as Record<string, unknown>;
  }

  function capabilitiesOf({ pid }: Program): string {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    assert.match(status, /^NoNewPrivs:\t1$/m);
    return /^CapBnd:\t(\w+)$/m.exec(status)?.[1] ?? "";
  }

  it("a gateway serves without any capability: media in user space, its main thread goes before others", async () => {
    const own = gateway(UnitFile.read("tandem-gateway@.service"));
    program = own;
    await own.waitForOutput('"event":"serving"', 60_000);
    assert.equal(line(own, "media-engine")["engine"], "userspace");
    assert.equal(own.output.includes("priority-not-raised"), !mayRaiseLimits(), own.output);
    assert.ok(!own.output.includes('"level":"error"'), own.output);
    assert.match(capabilitiesOf(own), /^0+$/);
    assert.equal(statSync(`/proc/${own.pid}`).uid, userIdOf("tandem-gateway"));
    own.signal("SIGTERM");
    assert.equal(await own.exited(), 0);
  });

  describe("with the lines for kernel media", () => {
    const unit = () => UnitFile.read("tandem-gateway@.service").withLinesBelow(kernelMedia);
    beforeEach(() => runCommands(UnitFile.read("tandem-bpf.service"), host));
    afterEach(async () => {
      await program?.stop(20_000);
      execFileSync("umount", [join(host, bpfDirectory)]);
    });

    it("a gateway loads its program", async () => {
      const own = gateway(unit());
      program = own;
      await own.waitForOutput('"event":"serving"', 120_000);
      const engine = line(own, "media-engine");
      assert.equal(engine["engine"], "kernel", JSON.stringify(engine));
      assert.deepEqual(engine["interfaces"], { customers: "kernel" });
      own.signal("SIGTERM");
      assert.equal(await own.exited(), 0);
    });

    for (const capability of ["CAP_BPF", "CAP_NET_ADMIN", "CAP_PERFMON"]) {
      it(`not without ${capability}`, async () => {
        const own = gateway(unit().without(` ${capability}`, `=${capability}`));
        program = own;
        await own.waitForOutput('"event":"serving"', 120_000);
        const engine = line(own, "media-engine");
        assert.ok(
          engine["engine"] === "userspace" ||
            JSON.stringify(engine["interfaces"]) !== '{"customers":"kernel"}',
          JSON.stringify(engine),
        );
      });
    }
  });

  it("control starts on its embedded database", async () => {
    const own = runConfined({
      unit: UnitFile.read("tandem-control.service"),
      host,
      network,
      environment: {
        TANDEM_DATA_DIRECTORY: join(host, "var/lib/tandem/control"),
        TANDEM_HTTP_ADDRESS: "127.0.0.1",
        TANDEM_HTTP_PORT: "8080",
      },
    });
    program = own;
    await own.waitForOutput("control-started", 120_000);
    assert.match(capabilitiesOf(own), /^0+$/);
    own.signal("SIGTERM");
    assert.equal(await own.exited(), 0);
  });

  it("a name server takes port 53, and needs its capability for that", async () => {
    const unit = UnitFile.read("tandem-dns.service");
    writeConfiguration(host, "dns.yaml", "tandem-dns", {
      name: "ns1",
      stateDirectory: join(host, "var/lib/tandem/dns"),
      control,
      listen: [{ address, port: 53 }],
      heartbeats: [],
      nameServers: [{ name: "ns1", addresses: [address] }],
    });
    const own = runConfined({ unit, host, network });
    program = own;
    await own.waitForOutput('"event":"serving"', 60_000);
    own.signal("SIGTERM");
    assert.equal(await own.exited(), 0);
    program = runConfined({ unit: unit.without("=CAP_NET_BIND_SERVICE"), host, network });
    assert.equal(await program.exited(), 1);
    assert.match(program.output, /EACCES/);
  });

  it("the network agent keeps lines apart, and tells the gateway in a directory that is not its own", async () => {
    const unit = UnitFile.read("tandem-network@.service");
    const name = `units-${process.pid}`;
    const own = gateway(UnitFile.read("tandem-gateway@.service"));
    await own.waitForOutput('"event":"serving"', 60_000);
    try {
      const agent = runConfined({ unit, instance: name, host, network });
      program = agent;
      await agent.waitForOutput('"event":"applied"', 60_000);
      const state = join(host, "var/lib/tandem", `gateway-${name}`, "network-state.json");
      await waitFor("the state of the lines", () => existsSync(state));
      assert.equal(statSync(state).uid, userIdOf("tandem-network"));
      assert.ok(!agent.output.includes("not-enforced"), agent.output);
    } finally {
      await own.stop(20_000);
    }
  });
});
