/**
 * The configurations of a private line in the programs they are for: a customer's BIRD and the exchange's FRR come to terms
 * over BGP with MD5 and BFD in two network namespaces, and charon loads both ends of a tunnel. Whether packets flow
 * through the tunnel is not shown: not every kernel has ESP.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { birdText } from "../src/connection-config/bird.ts";
import { frrText } from "../src/connection-config/frr.ts";
import { exampleDocuments } from "../src/connection-config/line-example.ts";
import { bgpPlan, lineEnd, linePlan, vpnPlan } from "../src/connection-config/line-plan.ts";
import { strongswanText } from "../src/connection-config/strongswan.ts";

const documents = exampleDocuments();
const line = linePlan(documents);
const bgp = bgpPlan(documents);
const exchangeEnd = lineEnd(documents, "exchange");
assert.ok(exchangeEnd.side === "exchange");
const { routingTable } = exchangeEnd.gateway;
const ends = [lineEnd(documents, "customer"), exchangeEnd];

const programs = ["/usr/sbin/bird", "/usr/lib/frr/bgpd", "/usr/sbin/charon-systemd", "/usr/sbin/swanctl"];
const missing = programs.filter((program) => !existsSync(program));
const whyNot =
  missing.length > 0
    ? `not installed: ${missing.join(", ")}`
    : process.getuid?.() === 0
      ? false
      : "network namespaces need root";

function run(command: string, ...args: readonly string[]): string {
  const done = spawnSync(command, args, { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${command} ${args.join(" ")}: ${done.stderr}${done.stdout}`);
  return done.stdout;
}

/** Polls: daemons take their time on a loaded machine. */
async function until(what: string, condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries += 1) {
    assert.ok(tries < 300, `it never came true: ${what}`);
    await wait(200);
  }
}

describe("BIRD at the customer, FRR at the exchange", { skip: whyNot }, () => {
  const folder = mkdtempSync(join(tmpdir(), "tandem-bgp-"));
  const frr = join(folder, "frr");
  const customer = `tdm-c-${process.pid}`;
  const exchange = `tdm-e-${process.pid}`;
  const device = `line${process.pid}`;
  const programsUp: ChildProcess[] = [];

  const inHost = (host: string, ...command: string[]): void => {
    programsUp.push(spawn("ip", ["netns", "exec", host, ...command], { stdio: "ignore" }));
  };
  const bird = (...words: string[]): string => run("birdc", "-s", join(folder, "bird.ctl"), ...words);
  const vtysh = (words: string): string => run("vtysh", "--vty_socket", frr, "-c", words);

  before(async () => {
    mkdirSync(frr);
    run("chown", "-R", "frr:frr", folder);
    run("ip", "netns", "add", customer);
    run("ip", "netns", "add", exchange);
    run(
      "ip",
      "link",
      "add",
      device,
      "netns",
      customer,
      "type",
      "veth",
      "peer",
      "name",
      device,
      "netns",
      exchange,
    );
    for (const [host, address] of [
      [customer, bgp.customerAddress],
      [exchange, bgp.exchangeAddress],
    ] as const) {
      run("ip", "-n", host, "addr", "add", `${address}/31`, "dev", device);
      run("ip", "-n", host, "link", "set", device, "up");
      run("ip", "-n", host, "link", "set", "lo", "up");
    }
    const common = [
      "-u",
      "frr",
      "-g",
      "frr",
      "-f",
      "/dev/null",
      "-z",
      join(frr, "zserv"),
      "--vty_socket",
      frr,
    ];
    for (const daemon of ["zebra", "bfdd", "bgpd"]) {
      const bfdctl = daemon === "bfdd" ? ["--bfdctl", join(frr, "bfdd.sock")] : [];
      inHost(exchange, `/usr/lib/frr/${daemon}`, ...common, "-i", join(frr, `${daemon}.pid`), ...bfdctl);
      await until(daemon, () => existsSync(join(frr, `${daemon}.vty`)));
    }
    writeFileSync(join(folder, "frr.conf"), frrText(line, bgp, exchangeEnd));
    writeFileSync(join(folder, "bird.conf"), birdText(line, bgp, lineEnd(documents, "customer")));
    run("vtysh", "--vty_socket", frr, "-f", join(folder, "frr.conf"));
    inHost(customer, "bird", "-f", "-c", join(folder, "bird.conf"), "-s", join(folder, "bird.ctl"));
    await until("bird", () => existsSync(join(folder, "bird.ctl")));
  });
  after(async () => {
    for (const program of programsUp) program.kill();
    await wait(300);
    for (const host of [customer, exchange]) spawnSync("ip", ["netns", "del", host]);
    rmSync(folder, { recursive: true });
  });

  it("the session is established with the agreed password, and BFD is up at 300 ms × 3", async () => {
    await until("BGP", () => /Established/.test(bird("show", "protocols")));
    await until("BFD", () => /"status":"up"/.test(vtysh("show bfd peers json").replaceAll(/\s/g, "")));
    const [peer] = JSON.parse(vtysh("show bfd peers json")) as Record<string, unknown>[];
    assert.equal(peer?.["receive-interval"], 300);
    assert.equal(peer?.["detect-multiplier"], 3);
    assert.equal(peer?.["remote-detect-multiplier"], 3);
  });

  it("each side takes the other's prefixes and nothing else", async () => {
    const theirs = (): string => bird("show", "route", "protocol", "tandem_01234567_line");
    await until("routes", () => theirs().includes("208.78.112.0/25") && theirs().includes("168.86.128.0/18"));
    const routes = (): string => run("ip", "-n", exchange, "route", "show", "table", String(routingTable));
    await until("table", () => bgp.customerPrefixes.every((prefix) => routes().includes(`${prefix} `)));
    assert.doesNotMatch(run("ip", "-n", exchange, "route", "show", "table", "main"), /proto bgp/);
    assert.match(run("ip", "-n", customer, "route"), /208\.78\.112\.0\/25 via 169\.254\.10\.0/);
  });

  it("BFD finds a line silent that has its link still, and the routes of both ends go", async () => {
    run("ip", "netns", "exec", exchange, "nft", "add table inet cut");
    run(
      "ip",
      "netns",
      "exec",
      exchange,
      "nft",
      "add chain inet cut in { type filter hook input priority 0; policy drop; }",
    );
    // The hold time of BGP is 30 s: whatever is faster was BFD.
    const cut = process.hrtime.bigint();
    await until("BGP down", () => !/Established/.test(bird("show", "protocols")));
    assert.ok(Number(process.hrtime.bigint() - cut) < 20e9, "not by BFD");
    assert.doesNotMatch(run("ip", "-n", customer, "route"), /208\.78\.112\.0/);
    const table = (): string => run("ip", "-n", exchange, "route", "show", "table", String(routingTable));
    await until("table empty", () => table() === "");
  });

  it("the repaired line is taken back", async () => {
    run("ip", "netns", "exec", exchange, "nft", "delete table inet cut");
    await until("BGP", () => /Established/.test(bird("show", "protocols")));
    await until("routes", () => /208\.78\.112\.0\/25 via/.test(run("ip", "-n", customer, "route")));
  });
});

describe("configuration files", { skip: whyNot }, () => {
  const folder = mkdtempSync(join(tmpdir(), "tandem-line-"));
  after(() => rmSync(folder, { recursive: true }));

  for (const end of ends) {
    it(`bird -p accepts the ${end.side}'s side`, () => {
      const file = join(folder, `${end.side}.bird`);
      writeFileSync(file, birdText(line, bgp, end));
      run("bird", "-p", "-c", file);
    });
    it(`vtysh accepts the ${end.side}'s side`, () => {
      const file = join(folder, `${end.side}.frr`);
      writeFileSync(file, frrText(line, bgp, end));
      run("vtysh", "-C", "-f", file);
    });
  }

  it("swanctl --load-all loads both ends into a charon", async () => {
    const socket = `unix://${join(folder, "vici")}`;
    const settings = join(folder, "strongswan.conf");
    writeFileSync(
      settings,
      `charon-systemd {\n  load = random nonce openssl pem pkcs1 kernel-netlink socket-default vici\n  plugins {\n    vici {\n      socket = ${socket}\n    }\n  }\n}\nswanctl {\n  load = random nonce openssl pem pkcs1\n}\n`,
    );
    const env = { ...process.env, STRONGSWAN_CONF: settings };
    const host = `tdm-s-${process.pid}`;
    run("ip", "netns", "add", host);
    const charon = spawn("ip", ["netns", "exec", host, "/usr/sbin/charon-systemd"], { env, stdio: "ignore" });
    try {
      await until("charon", () => existsSync(join(folder, "vici")));
      for (const end of ends) {
        const file = join(folder, `${end.side}.conf`);
        writeFileSync(file, strongswanText(line, vpnPlan(documents, "203.0.113.1"), end));
        const args = ["--load-all", "--file", file, "--uri", socket];
        const done = spawnSync("swanctl", args, { env, encoding: "utf8" });
        assert.equal(done.status, 0, `${readFileSync(file, "utf8")}\n${done.stderr}`);
        assert.match(done.stdout, /loaded ike secret/);
        assert.match(done.stdout, /successfully loaded 1 connections/);
      }
    } finally {
      charon.kill();
      spawnSync("ip", ["netns", "del", host]);
    }
  });
});
