/** The agent at work: it follows the snapshot, the devices and whoever meddles with its rules, and tells how lines are. */
import assert from "node:assert/strict";
import { type ChildProcess } from "node:child_process";
import { lstatSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type ConnectionHealth, NetworkState, validator } from "@tandem/contracts";
import { connection, customer, GatewayHost, local, signaling, snapshot } from "./gateway-host.ts";
import { eventually, type Peer } from "./namespaces.ts";

const validate = validator(NetworkState);
const host = new GatewayHost();
const stateFile = join(host.stateDirectory, "network-state.json");
const victim = join(host.folder, "victim");
let gateway: Peer;
let far: Peer;
let siteB: Peer;
let agent: ChildProcess;
let log = "";

function startAgent(): ChildProcess {
  const child = host.namespaces.spawn("gateway", host.agentArgv("watch"));
  child.stdout?.on("data", (chunk) => (log += chunk));
  child.stderr?.on("data", (chunk) => (log += chunk));
  return child;
}

before(async () => {
  host.build();
  // Somebody with the gateway's rights would have root write elsewhere.
  writeFileSync(victim, "untouched");
  symlinkSync(victim, `${stateFile}.new`);
  agent = startAgent();
  await eventually("the state file is there", () => state()?.connections.length === 0);
  gateway = host.namespaces.peer("gateway");
  far = host.namespaces.peer("far");
  siteB = host.namespaces.peer("router-b");
});
after(() => host.remove());

function state(): NetworkState | undefined {
  let text: string;
  try {
    text = readFileSync(stateFile, "utf8");
  } catch {
    return undefined;
  }
  const validated = validate(JSON.parse(text));
  assert.ok(validated.ok, validated.ok ? "" : validated.error);
  return validated.value;
}

function health(name: "a" | "b" | "c"): ConnectionHealth | undefined {
  return state()?.connections.find((one) => one.sid === connection(name).sid);
}

async function becomes(name: "a" | "b" | "c", wanted: Partial<ConnectionHealth>): Promise<number> {
  const startedMs = performance.now();
  await eventually(`line ${name} is ${JSON.stringify(wanted)}; the log says:\n${log}`, () => {
    const now = health(name);
    return (
      now !== undefined &&
      Object.entries(wanted).every(([key, value]) => now[key as keyof ConnectionHealth] === value)
    );
  });
  return performance.now() - startedMs;
}

test("without a snapshot everything is closed, and the state file is ours alone", () => {
  assert.equal(state()?.appliedSnapshotVersion, 0);
  assert.match(
    host.namespaces.run("gateway", ["nft", "list", "table", "inet", "tandem"]),
    /to_local_address/,
  );
  assert.equal(readFileSync(victim, "utf8"), "untouched");
  assert.equal(lstatSync(stateFile).isFile(), true);
  assert.equal(statSync(stateFile).mode & 0o777, 0o644);
});

test("the lines of a snapshot come up, those that can't say why", async () => {
  host.give(
    snapshot(5, [
      connection("a"),
      connection("b", { device: "not-there" }),
      connection("c", { localAddress: "10.0.0.1" }),
    ]),
  );
  await becomes("a", { state: "up", reason: null, link: "up", route: "present", bgp: null, bfd: null });
  await becomes("b", {
    state: "unprovisioned",
    link: "missing",
    reason: "device not-there is not on this host",
  });
  await becomes("c", {
    state: "unprovisioned",
    link: "unknown",
    reason: "its local address 10.0.0.1 is not in 100.127.0.0/16",
  });
  await eventually("the version is told", () => state()?.appliedSnapshotVersion === 5);
});

test("a second agent is sent away", () => {
  assert.throws(() => host.agent("apply"), /another network agent is at work on this host/);
});

test("lines come and go within a second, and no packet of another line is lost meanwhile", async () => {
  await gateway.tell({ do: "udp", socket: "a", address: local.a, port: 5060, isEchoing: true });
  await far.tell({ do: "udp", socket: "phone", address: customer, port: 5080 });
  await siteB.tell({ do: "udp", socket: "phone", address: customer, port: 5080 });
  let isDone = false;
  let sent = 0;
  const traffic = (async () => {
    while (!isDone) {
      await far.tell({
        do: "send",
        socket: "phone",
        to: signaling,
        port: 5060,
        text: `steady ${(sent += 1)}`,
      });
    }
  })();
  for (let round = 0; round < 5; round += 1) {
    host.give(snapshot(10 + round * 2, [connection("a"), connection("b"), connection("c")]));
    assert.ok((await becomes("b", { state: "up" })) < 5000);
    host.give(snapshot(11 + round * 2, [connection("a"), connection("b", { status: "inactive" })]));
    await eventually("line b has gone", () => health("b") === undefined && health("c") === undefined);
    assert.doesNotMatch(host.namespaces.ip("gateway", "address show dev lo"), /100\.127\.0\.2/);
  }
  isDone = true;
  await traffic;
  await far.tell({ do: "send", socket: "phone", to: signaling, port: 5060, text: "the last" });
  await far.got("the last");
  const back = (await far.received()).filter((one) => one.text.startsWith("steady "));
  assert.equal(back.length, sent);
  assert.ok(sent > 20);
  assert.doesNotMatch(log, /rules-changed-by-others/, "what the agent does itself is no news to it");
});

test("a line that comes carries traffic within a second of its snapshot", async (context) => {
  const startedMs = performance.now();
  host.give(snapshot(30, [connection("a"), connection("b")]));
  await eventually("the address is there", () =>
    /100\.127\.0\.2/.test(host.namespaces.ip("gateway", "address show dev lo")),
  );
  const tookMs = performance.now() - startedMs;
  await gateway.tell({ do: "udp", socket: "b", address: local.b, port: 5060, isEchoing: true });
  await siteB.tell({ do: "send", socket: "phone", to: signaling, port: 5060, text: "first" });
  assert.equal((await siteB.got("first")).from, `${signaling}:5060`);
  context.diagnostic(`line up after ${tookMs.toFixed(0)} ms`);
});

test("a lost carrier is in the file at once, with its reason; so is its return", async (context) => {
  await becomes("b", { state: "up" });
  host.namespaces.ip("router-b", "link set uplink down");
  const downMs = await becomes("b", {
    state: "down",
    link: "down",
    route: "missing",
    reason: "link of line-b is down",
  });
  assert.equal(health("a")?.state, "up");
  host.namespaces.ip("router-b", "link set uplink up");
  const upMs = await becomes("b", { state: "up", link: "up", route: "present", reason: null });
  context.diagnostic(`told down after ${downMs.toFixed(0)} ms, up after ${upMs.toFixed(0)} ms`);
});

test("a device that is shut and opened, or taken away and made anew, gets its routes again", async () => {
  host.namespaces.ip("gateway", "link set line-b down");
  await becomes("b", { state: "down", link: "down", route: "missing" });
  host.namespaces.ip("gateway", "link set line-b up");
  await becomes("b", { state: "up", route: "present" });
  host.namespaces.ip("gateway", "link delete line-b");
  await becomes("b", { state: "unprovisioned", link: "missing" });
  host.namespaces.wire(
    { in: "gateway", device: "line-b", address: "169.254.2.1/30" },
    { in: "router-b", device: "uplink", address: "169.254.2.2/30" },
  );
  host.namespaces.ip("router-b", "route add 203.0.113.0/24 via 169.254.2.1");
  await becomes("b", { state: "up", route: "present" });
  await siteB.tell({ do: "send", socket: "phone", to: signaling, port: 5060, text: "anew" });
  assert.equal((await siteB.got("anew")).from, `${signaling}:5060`);
});

test("whoever takes our rules, routes or addresses away gets them back", async () => {
  host.namespaces.run("gateway", ["nft", "flush", "ruleset"]);
  await eventually("the table is back", () =>
    isThere(["nft", "list", "chain", "inet", "tandem", "accepted"], /@local_address_\d+/),
  );
  host.namespaces.run("gateway", ["nft", "flush", "chain", "inet", "tandem", "arriving"]);
  await eventually("the chain is back", () =>
    isThere(["nft", "list", "chain", "inet", "tandem", "arriving"], /outside_routes/),
  );
  // The sets that are in use change their number with each generation: perhaps just now.
  await eventually("the element is gone", () =>
    isThere(["nft", "delete", "element", "inet", "tandem", setOfLines(), '{ "line-a" }'], /^/),
  );
  await eventually("the element is back", () =>
    isThere(["nft", "list", "set", "inet", "tandem", setOfLines()], /"line-a"/),
  );
  host.namespaces.ip("gateway", "rule del pref 10010 from 100.127.0.1");
  await eventually("the rule is back", () =>
    isThere(["ip", "rule"], /10010:\tfrom 100\.127\.0\.1 lookup 1001/),
  );
  host.namespaces.ip("gateway", "route flush table 1001");
  await eventually("the routes are back", () =>
    isThere(
      ["ip", "route", "show", "table", "1001"],
      /unreachable default[^]*192\.0\.2\.0\/24|192\.0\.2\.0\/24[^]*unreachable/,
    ),
  );
  host.namespaces.ip("gateway", `address del ${local.a}/32 dev lo`);
  await eventually("the address is back", () =>
    isThere(["ip", "address", "show", "dev", "lo"], /100\.127\.0\.1/),
  );
  await becomes("a", { state: "up" });
});

/** Its name has the generation in it. */
function setOfLines(): string {
  return (
    /lines_\d+/.exec(host.namespaces.run("gateway", ["nft", "list", "table", "inet", "tandem"]))?.[0] ?? ""
  );
}

function isThere(argv: readonly string[], pattern: RegExp): boolean {
  try {
    return pattern.test(host.namespaces.run("gateway", argv));
  } catch {
    return false;
  }
}

test("what is not ours is left alone", async () => {
  host.namespaces.run("gateway", [
    "nft",
    "add table inet firewall; add chain inet firewall input { type filter hook input priority 0; }",
  ]);
  host.namespaces.ip("gateway", "rule add pref 500 fwmark 0x7 lookup 77");
  host.namespaces.ip("gateway", "route add 198.18.0.0/15 dev line-a table 1001 proto 186 metric 20");
  host.namespaces.ip("gateway", "address add 10.1.2.3/32 dev lo");
  host.give(snapshot(40, [connection("b")]));
  await eventually(
    "line a has gone",
    () => health("a") === undefined && state()?.appliedSnapshotVersion === 40,
  );
  assert.match(host.namespaces.run("gateway", ["nft", "list", "ruleset"]), /table inet firewall/);
  assert.match(host.namespaces.ip("gateway", "rule"), /fwmark 0x7/);
  assert.match(
    host.namespaces.ip("gateway", "route show table 1001"),
    /^198\.18\.0\.0\/15 dev line-a proto bgp/,
  );
  assert.match(host.namespaces.ip("gateway", "address show dev lo"), /10\.1\.2\.3/);
});

test("a snapshot that can't be used leaves the lines as they are", async () => {
  writeFileSync(join(host.stateDirectory, "snapshot.json"), "{");
  await eventually("it is told", () => /snapshot\.json: /.test(log));
  assert.equal(health("b")?.state, "up");
  host.give(snapshot(41, [connection("a"), connection("b")]));
  await becomes("a", { state: "up" });
});

test("the file is written anew every two seconds, with the counters of the devices", async () => {
  const first = state();
  await far.tell({ do: "send", socket: "phone", to: signaling, port: 5060, text: "counted", bytes: 1000 });
  const bytes =
    first?.connections.find((one) => one.sid === connection("a").sid)?.receivedBytes ?? Number.NaN;
  await eventually(
    "written again",
    () =>
      (state()?.writtenAtMs ?? 0) > (first?.writtenAtMs ?? Infinity) &&
      (health("a")?.receivedBytes ?? 0) >= bytes + 1000,
  );
});

test("when the agent is killed the lines go on, and its successor changes nothing", async () => {
  agent.kill("SIGKILL");
  await eventually("it is gone", () => agent.signalCode !== null || agent.exitCode !== null);
  await far.tell({ do: "send", socket: "phone", to: signaling, port: 5060, text: "orphaned" });
  await far.got("orphaned");
  log = "";
  agent = startAgent();
  await eventually("it has looked", () => /"event":"enforced"|"event":"applied"/.test(log));
  assert.match(log, /"event":"applied".*"changes":1\}/, "the ruleset in one transaction, no more");
  agent.kill("SIGTERM");
  await eventually("it has stopped", () => agent.exitCode !== null);
  assert.equal(agent.exitCode, 0);
  assert.equal(isThere(["nft", "list", "set", "inet", "tandem", setOfLines()], /"line-a"/), true);
});

test("clear leaves nothing of ours and everything else", () => {
  host.agent("clear");
  assert.doesNotMatch(host.namespaces.run("gateway", ["nft", "list", "ruleset"]), /tandem/);
  assert.doesNotMatch(host.namespaces.ip("gateway", "rule"), /100\.127|proto 84|nop/);
  assert.doesNotMatch(host.namespaces.ip("gateway", "route show table all"), /proto 84/);
  assert.doesNotMatch(host.namespaces.ip("gateway", "address show dev lo"), /100\.127/);
  assert.match(host.namespaces.ip("gateway", "address show dev lo"), /10\.1\.2\.3/);
});
