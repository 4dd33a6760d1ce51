/** FRR fills the table of a line: the agent keeps its hands off, and tells what BGP and BFD say. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { ConnectionHealth, NetworkState } from "@tandem/contracts";
import { connection, customer, GatewayHost, local, signaling, snapshot } from "./gateway-host.ts";
import { eventually, type Peer } from "./namespaces.ts";

const run = mkdtempSync(join(tmpdir(), "tandem-frr-"));
const pathspace = `tn${process.pid}`;
const host = new GatewayHost({
  network: { daemonRoutedDevices: ["line-b"], vtysh: { pathspace, intervalMs: 200 } },
});
const sockets = (box: string): string => join("/var/run/frr", `${pathspace}${box === "gateway" ? "" : box}`);
let log = "";
let gateway: Peer;
let siteB: Peer;

const bfd = "bfd\n profile fast\n  detect-multiplier 3\n  receive-interval 100\n  transmit-interval 100\n";

function bgp(own: number, neighbour: string, other: number, family: string): string {
  return [
    `router bgp ${own}`,
    ` bgp router-id 10.0.0.${own % 100}`,
    " no bgp ebgp-requires-policy",
    ` neighbor ${neighbour} remote-as ${other}`,
    ` neighbor ${neighbour} bfd profile fast`,
    ` neighbor ${neighbour} timers connect 1`,
    " address-family ipv4 unicast",
    `  ${family}`,
    " exit-address-family",
    "",
  ].join("\n");
}

/** The three daemons of FRR in a box, in the foreground. */
async function startDaemons(box: string, bgpConfiguration: string): Promise<void> {
  const folder = join(run, box);
  mkdirSync(folder, { mode: 0o755 });
  host.namespaces.run(box, ["install", "-d", "-o", "frr", "-g", "frr", sockets(box)]);
  for (const [daemon, text] of [
    ["zebra", ""],
    ["bfdd", bfd],
    ["bgpd", bgpConfiguration],
  ] as const) {
    const file = join(folder, `${daemon}.conf`);
    writeFileSync(file, text, { mode: 0o644 });
    const name = sockets(box).slice("/var/run/frr/".length);
    const child = host.namespaces.spawn(box, [
      `/usr/lib/frr/${daemon}`,
      "-N",
      name,
      "-f",
      file,
      "-P",
      "0",
      "--log",
      "stdout",
    ]);
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (log += chunk));
    await eventually(`${daemon} in ${box} listens`, () => isListening(box, daemon));
  }
}

function isListening(box: string, daemon: string): boolean {
  return host.namespaces.run(box, ["ls", sockets(box)]).includes(`${daemon}.vty`);
}

before(async () => {
  chmodSync(run, 0o755);
  host.build();
  await startDaemons(
    "gateway",
    `${bgp(65001, "169.254.2.2", 65002, "neighbor 169.254.2.2 route-map LINE in")}route-map LINE permit 10\n set table 1002\n`,
  );
  await startDaemons("router-b", bgp(65002, "169.254.2.1", 65001, "network 192.0.2.0/24"));
  host.namespaces.ip("router-b", "address add 192.0.2.1/24 dev lo");
  host.give(snapshot(1, [connection("a"), connection("b", { nextHop: null })]));
  const agent = host.namespaces.spawn("gateway", host.agentArgv("watch"));
  for (const stream of [agent.stdout, agent.stderr]) stream?.on("data", (chunk) => (log += chunk));
  gateway = host.namespaces.peer("gateway");
  siteB = host.namespaces.peer("router-b");
});
after(async () => {
  await host.remove();
  for (const folder of [run, sockets("gateway"), sockets("router-b")])
    rmSync(folder, { recursive: true, force: true });
});

function health(name: "a" | "b"): ConnectionHealth | undefined {
  try {
    const state = JSON.parse(
      readFileSync(join(host.stateDirectory, "network-state.json"), "utf8"),
    ) as NetworkState;
    return state.connections.find((one) => one.sid === connection(name).sid);
  } catch {
    return undefined;
  }
}

async function becomes(name: "a" | "b", wanted: Partial<ConnectionHealth>): Promise<void> {
  await eventually(
    `line ${name} is ${JSON.stringify(wanted)}`,
    () =>
      Object.entries(wanted).every(([key, value]) => health(name)?.[key as keyof ConnectionHealth] === value),
    60_000,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}: it is ${JSON.stringify(health(name))}\n${log}`);
  });
}

test("a line whose routes BGP has learned is up, and says so; one without a neighbour knows of none", async () => {
  await becomes("b", { state: "up", route: "present", bgp: "Established", bfd: "up" });
  await becomes("a", { state: "up", route: "present", bgp: null, bfd: null });
  const table = host.namespaces.ip("gateway", "route show table 1002");
  assert.match(table, /192\.0\.2\.0\/24 .*via 169\.254\.2\.2 dev line-b proto bgp/);
  assert.match(table, /unreachable default proto 84/);
  assert.doesNotMatch(table, /192\.0\.2\.0\/24 .*proto 84/);
});

test("packets take the learned route", async () => {
  await gateway.tell({ do: "udp", socket: "b", address: local.b, port: 5060 });
  await siteB.tell({ do: "udp", socket: "phone", address: customer, port: 5080 });
  assert.equal(
    await gateway.tell({ do: "send", socket: "b", to: customer, port: 5080, text: "learned" }),
    "sent",
  );
  assert.equal((await siteB.got("learned")).from, `${signaling}:5060`);
});

test("when packets no longer get through, though the carrier is there, BFD tells, and nothing leaves any other way", async () => {
  const mute =
    "table inet mute { chain arriving { type filter hook prerouting priority -500; policy accept; iifname uplink drop; }; }";
  host.namespaces.run("router-b", ["nft", "-f", "-"], mute);
  await becomes("b", {
    state: "down",
    link: "up",
    route: "missing",
    bfd: "down",
    reason: "BFD session is down",
  });
  assert.equal(health("a")?.state, "up");
  assert.equal(
    await gateway.tell({ do: "send", socket: "b", to: customer, port: 5080, text: "lost" }),
    "EHOSTUNREACH",
  );
  host.namespaces.run("router-b", ["nft", "delete", "table", "inet", "mute"]);
  await becomes("b", { state: "up", route: "present", bgp: "Established", bfd: "up" });
});

test("a line that goes leaves the daemon's routes alone", async () => {
  host.give(snapshot(2, [connection("a")]));
  await eventually("line b has gone", () => health("b") === undefined);
  const table = host.namespaces.ip("gateway", "route show table 1002");
  assert.match(table, /192\.0\.2\.0\/24 .*proto bgp/);
  assert.doesNotMatch(table, /proto 84/);
});
