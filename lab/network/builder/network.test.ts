/** Small networks of namespaces: what is built carries packets, is cut as told, and leaves nothing behind. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { RemoteAgent } from "../agent/remote-agent.ts";
import { RemotePhone } from "../agent/remote-phone.ts";
import { blackhole, mend, pull } from "./cuts.ts";
import type { NetworkDescription } from "./description.ts";
import { removeLeftovers } from "./leftovers.ts";
import { Network } from "./network.ts";
import { directoryOf, runOf } from "./owner.ts";
import { missingForNetwork } from "./requirements.ts";

/** Two hosts on a switch. */
const description: NetworkDescription = {
  hosts: [
    { name: "left" },
    { name: "right", addresses: ["198.51.100.7/32"] },
    { name: "middle", bridges: ["switch"] },
  ],
  links: [
    {
      name: "left",
      near: { host: "left", device: "port", addresses: ["192.0.2.1/24"] },
      far: { host: "middle", device: "left", bridge: "switch" },
    },
    {
      name: "right",
      near: { host: "right", device: "port", addresses: ["192.0.2.2/24"] },
      far: { host: "middle", device: "right", bridge: "switch" },
    },
  ],
};

const missing = missingForNetwork(["nft"]);
const isRoot = process.getuid?.() === 0;
if (missing !== undefined) {
  it(`networks of namespaces need more: ${missing}`, (context) => {
    if (isRoot) assert.fail(missing);
    context.skip(missing);
  });
} else describe("a network", tests);

function tests(): void {
  let network: Network;
  before(() => {
    network = Network.build(description);
  });
  after(async () => {
    await network.close();
  });

  it("runs programs in their host that end by their own pid", async () => {
    const program = network.host("left").start({ name: "sleep", command: "sleep", args: ["60"] });
    const namespace = String(statSync(`/run/netns/${network.host("left").namespace}`).ino);
    const inside = (): boolean => readlinkSync(`/proc/${program.pid}/ns/net`).includes(namespace);
    while (!inside()) await new Promise((resolve) => setTimeout(resolve, 10));
    process.kill(program.pid, "SIGKILL");
    assert.equal(await program.exited(), null);
    assert.equal(existsSync(`/proc/${program.pid}`), false);
  });

  it("loses what it is told to lose, and nothing else", async () => {
    const heard = await echoTester(network);
    const bothWays = async (): Promise<void> => await untilBothWays(heard);
    const link = network.link("left");
    await bothWays();
    blackhole(link, "both");
    assert.deepEqual(await heard(), { there: false, back: false });
    mend(link);
    await bothWays();
    blackhole(link, "from-near");
    assert.deepEqual(await heard(), { there: false, back: false });
    blackhole(link, "to-near");
    assert.deepEqual(
      await heard(),
      { there: true, back: false },
      "replaced: only the other direction is lost now",
    );
    mend(link);
    pull(link);
    assert.deepEqual(await heard(), { there: false, back: false });
    mend(link);
    pull(link, "near");
    assert.match(network.host("middle").ip("-br", "link", "show", "dev", "left"), / DOWN /);
    mend(link);
    network
      .host("left")
      .run("ip", ["route", "replace", "198.51.100.7/32", "via", "192.0.2.2", "dev", "port"]);
    await bothWays();
  });

  it("is gone when it is closed", async () => {
    const other = Network.build(description);
    const { directory, run } = other;
    assert.equal(namespacesOf(run).length, 3);
    await other.close();
    assert.deepEqual(namespacesOf(run), []);
    assert.equal(existsSync(directory), false);
  });

  it("is removed by the next run when its process was killed, with the programs in it", async () => {
    const { run, pid, sleeper } = await killedNetwork();
    assert.equal(namespacesOf(run).length, 3, "a killed process can't clean up");
    assert.equal(existsSync(`/proc/${sleeper}`), true);
    assert.ok(pid > 0);
    removeLeftovers();
    assert.deepEqual(namespacesOf(run), []);
    assert.equal(existsSync(directoryOf(run)), false);
    assert.equal(namespacesOf(network.run).length, 3, "networks of living processes stay");
  });
}

/** Sends SIP requests to a phone: the right host hears them (`there`), the left host gets a response (`back`). */
async function echoTester(network: Network): Promise<() => Promise<{ there: boolean; back: boolean }>> {
  const left = await RemoteAgent.start(network.host("left"));
  const right = await RemotePhone.open(await RemoteAgent.start(network.host("right")), {
    address: "192.0.2.2",
    toneHz: 400,
    refuseWith: 486,
  });
  assert.equal((await right.received()).length, 0);
  let port = 6000;
  return async () => {
    port += 1;
    const before = requestCount(network);
    const text = [
      "OPTIONS sip:192.0.2.2 SIP/2.0",
      `Via: SIP/2.0/UDP 192.0.2.1:${port};branch=z9hG4bK${port}`,
      `From: <sip:a@192.0.2.1>;tag=${port}`,
      "To: <sip:192.0.2.2>",
      `Call-ID: ${port}`,
      "CSeq: 1 OPTIONS",
      "Max-Forwards: 70",
      "Content-Length: 0\r\n\r\n",
    ].join("\r\n");
    const from = { address: "192.0.2.1", port };
    const back = await left
      .perform("sendDatagram", { from, to: { address: "192.0.2.2", port: 5060 }, text, waitMs: 400 })
      .catch((): string[] => []);
    return { there: requestCount(network) > before, back: back.length > 0 };
  };
}

/** Asks until an answer is back: a port that has just come up, or a crowded machine, may take longer than one request waits. */
async function untilBothWays(heard: () => Promise<{ there: boolean; back: boolean }>): Promise<void> {
  for (let tries = 1; tries < 25; tries += 1) if ((await heard()).back) return;
  assert.deepEqual(await heard(), { there: true, back: true });
}

/** UDP datagrams that somebody in the right host has got. */
function requestCount(network: Network): number {
  const rows = network.host("right").run("cat", ["/proc/net/snmp"]).split("\n");
  const [names = "", values = ""] = rows.filter((row) => row.startsWith("Udp: "));
  return Number(values.split(" ")[names.split(" ").indexOf("InDatagrams")]);
}

function namespacesOf(run: string): readonly string[] {
  return readdirSync("/run/netns").filter((name) => runOf(name)?.run === run);
}

/** A process that builds the same network, starts a program in it, and is killed. */
async function killedNetwork(): Promise<{
  readonly run: string;
  readonly pid: number;
  readonly sleeper: number;
}> {
  const code = `
    const { Network } = await import(${JSON.stringify(join(import.meta.dirname, "network.ts"))});
    const network = Network.build(${JSON.stringify(description)});
    const sleeper = network.host("left").start({ name: "sleep", command: "sleep", args: ["60"] });
    console.log(JSON.stringify({ run: network.run, sleeper: sleeper.pid }));
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, [
    "--disable-warning=ExperimentalWarning",
    "--input-type=module",
    "-e",
    code,
  ]);
  const line = await new Promise<string>((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
      if (output.includes("\n")) resolve(output);
    });
    child.stderr.on("data", (chunk: Buffer) => reject(new Error(chunk.toString("utf8"))));
    child.once("exit", (status) => reject(new Error(`ended with ${status}`)));
  });
  child.kill("SIGKILL");
  await new Promise<void>((resolve) => child.once("close", () => resolve()));
  const { run, sleeper } = JSON.parse(line) as { run: string; sleeper: number };
  return { run, pid: child.pid ?? 0, sleeper };
}
