/** The program itself: starts, tells what it does, ends in order, and loses no line of its log. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { GatewayConfiguration } from "@tandem/contracts";
import { verifyHeartbeat } from "@tandem/heartbeat";
import { RoutingTable } from "@tandem/routing";
import { SnapshotStore } from "../src/snapshot/snapshot-store.ts";
import { exampleSnapshot } from "../src/testing/example-snapshot.ts";
import { configurationOf } from "../src/testing/gateway-script.ts";

const main = new URL("../src/main.ts", import.meta.url).pathname;

interface Line {
  readonly event: string;
  readonly level: string;
  readonly [field: string]: unknown;
}

class Program {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  #output = "";
  #errors = "";

  constructor(context: TestContext, words: readonly string[], launcher: readonly string[] = []) {
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
    const [command = "", ...args] = [...launcher, process.execPath, main, ...words];
    this.child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    this.child.stdout?.on("data", (data: Buffer) => (this.#output += data.toString()));
    this.child.stderr?.on("data", (data: Buffer) => (this.#errors += data.toString()));
    this.exited = new Promise((resolve) => this.child.once("close", (code) => resolve(code)));
    context.after(() => this.child.kill("SIGKILL"));
  }

  get lines(): Line[] {
    const whole = this.#output.split("\n").slice(0, -1);
    return whole.map((line) => JSON.parse(line) as Line);
  }

  get errors(): string {
    return this.#errors;
  }

  /** Generous: only a failing test waits this long. */
  async line(event: string): Promise<Line> {
    for (let waitedMs = 0; ; waitedMs += 20) {
      const found = this.lines.find((line) => line.event === event);
      if (found !== undefined) return found;
      assert.ok(waitedMs < 60_000, `no line ${event} in ${this.#output}${this.#errors}`);
      await delay(20);
    }
  }
}

function scene(context: TestContext, changes: Partial<GatewayConfiguration> = {}) {
  const directory = mkdtempSync(join(tmpdir(), "gateway-main-"));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  const stateDirectory = join(directory, "state");
  const file = join(directory, "gateway.json");
  const configuration = configurationOf({
    stateDirectory,
    interfaces: [{ name: "customers", roles: ["public"], localAddress: "127.0.0.1", udpPort: 0 }],
    mediaPorts: { first: 42_000, last: 42_999 },
    preboundEndpoints: 1,
    media: { engine: "userspace" },
    ...changes,
  });
  writeFileSync(file, JSON.stringify(configuration));
  return { stateDirectory, file };
}

test("it serves by the snapshot on disk, tells its status, and ends in order", async (context) => {
  const { stateDirectory, file } = scene(context);
  await new SnapshotStore(stateDirectory).keep(RoutingTable.from(exampleSnapshot({ version: 41 })));
  const program = new Program(context, ["--config", file]);
  const serving = await program.line("serving");
  assert.deepEqual([serving["gateway"], serving["edge"], serving["adopted"]], ["gateway-1", "ashburn-ix", 0]);
  assert.equal((await program.line("snapshot-applied"))["version"], 41);
  assert.equal(statSync(join(stateDirectory, "ledger.sqlite")).mode & 0o777, 0o600);
  program.child.kill("SIGUSR2");
  const status = await program.line("status");
  assert.deepEqual([status["calls"], status["faults"], status["registrations"]], [0, 0, {}]);
  program.child.kill("SIGTERM");
  assert.equal(await program.exited, 0);
  assert.deepEqual(
    program.lines.map((line) => line.event).filter((event) => !event.startsWith("control-")),
    ["media-engine", "snapshot-applied", "serving", "status", "draining", "stopped"],
  );
});

/** Nice values of a process's threads, the main thread's first (proc(5), field 19 of stat). */
function niceValues(pid: number): number[] {
  // In the order of their texts: 10001 stands before 9998.
  const others = readdirSync(`/proc/${pid}/task`).filter((thread) => thread !== String(pid));
  return [String(pid), ...others].map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16]);
  });
}

test("the thread that carries calls goes before others, and no other thread of the process", async (context) => {
  const isPrivileged = process.getuid?.() === 0;
  const program = new Program(context, ["--config", scene(context).file]);
  await program.line("serving");
  const pid = program.child.pid ?? 0;
  const [own, ...others] = niceValues(pid);
  assert.equal(own, isPrivileged ? -10 : 0);
  assert.deepEqual(new Set(others), new Set([0]));
  assert.ok(statSync(`/proc/${pid}/task`).nlink > 5, "there are other threads");
  assert.equal(
    program.lines.some(({ event }) => event === "priority-not-raised"),
    !isPrivileged,
  );
});

test("a process without the privilege serves all the same, and says so", async (context) => {
  const { file } = scene(context, { nice: -1 });
  const launcher =
    process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-sys_nice", "--inh-caps=-sys_nice"] : [];
  const program = new Program(context, ["--config", file], launcher);
  await program.line("serving");
  assert.match(String((await program.line("priority-not-raised"))["why"]), /EACCES|EPERM/);
  assert.deepEqual(new Set(niceValues(program.child.pid ?? 0)), new Set([0]));
});

test("name servers hear that it lives, and at once that it is draining", async (context) => {
  const receiver = createSocket("udp4").bind(0, "127.0.0.1");
  await once(receiver, "listening");
  context.after(() => receiver.close());
  const key = { id: 1, secret: "5a".repeat(32) };
  const { stateDirectory, file } = scene(context, {
    heartbeatTargets: [`127.0.0.1:${receiver.address().port}`],
  });
  await new SnapshotStore(stateDirectory).keep(RoutingTable.from(exampleSnapshot({ backboneKeys: [key] })));
  const program = new Program(context, ["--config", file]);
  const beats = async (): Promise<readonly boolean[]> => {
    const [datagram] = await once(receiver, "message");
    const verified = verifyHeartbeat(String(datagram), [key], Date.now());
    assert.ok(verified.ok);
    assert.deepEqual([verified.value.gateway, verified.value.edge], ["gateway-1", "ashburn-ix"]);
    return [verified.value.draining];
  };
  assert.deepEqual(await beats(), [false]);
  assert.deepEqual(await beats(), [false]);
  program.child.kill("SIGTERM");
  for (let count = 0; !(await beats())[0]; count += 1) assert.ok(count < 3, "draining is not told");
  assert.equal(await program.exited, 0);
});

/** A gateway whose signs of life come to a socket of the test: its log may go anywhere. */
async function beatingScene(context: TestContext) {
  const receiver = createSocket("udp4").bind(0, "127.0.0.1");
  await once(receiver, "listening");
  context.after(() => receiver.close());
  const key = { id: 1, secret: "5a".repeat(32) };
  const made = scene(context, { heartbeatTargets: [`127.0.0.1:${receiver.address().port}`] });
  await new SnapshotStore(made.stateDirectory).keep(
    RoutingTable.from(exampleSnapshot({ backboneKeys: [key] })),
  );
  const beat = async (): Promise<void> => {
    await once(receiver, "message", { signal: AbortSignal.timeout(60_000) });
  };
  return { ...made, beat };
}

test("it goes on when nobody reads its log any more, and ends in order", async (context) => {
  const { file, beat } = await beatingScene(context);
  const program = new Program(context, ["--config", file]);
  await program.line("serving");
  program.child.stdout?.destroy();
  for (let count = 0; count < 3; count += 1) {
    program.child.kill("SIGUSR2");
    await beat();
  }
  program.child.kill("SIGTERM");
  assert.equal(await Promise.race([program.exited, delay(60_000, "still there", { ref: false })]), 0);
});

test("it serves with its log on a full disk, and ends in order", async (context) => {
  const { file, beat } = await beatingScene(context);
  const log = openSync("/dev/full", "w");
  context.after(() => closeSync(log));
  const child = spawn(process.execPath, [main, "--config", file], { stdio: ["ignore", log, "inherit"] });
  context.after(() => child.kill("SIGKILL"));
  const exited = once(child, "exit");
  await beat();
  child.kill("SIGUSR2");
  await beat();
  child.kill("SIGTERM");
  assert.deepEqual(await exited, [0, null]);
});

test("a second signal ends it at once, and the log says so", async (context) => {
  const { file } = scene(context);
  const program = new Program(context, ["--config", file]);
  await program.line("serving");
  program.child.kill("SIGTERM");
  await program.line("draining");
  program.child.kill("SIGINT");
  const code = await program.exited;
  // The settle time may be over already on a machine that is busy.
  const last = program.lines.at(-1);
  assert.ok((code === 1 && last?.event === "stopped-at-once") || (code === 0 && last?.event === "stopped"));
});

test("a snapshot on disk that can't be used is told, and the gateway starts without", async (context) => {
  const { stateDirectory, file } = scene(context);
  await new SnapshotStore(stateDirectory).keep(RoutingTable.from(exampleSnapshot()));
  writeFileSync(join(stateDirectory, "snapshot.json"), "{");
  const program = new Program(context, ["--config", file]);
  assert.equal((await program.line("snapshot-on-disk-refused")).level, "error");
  await program.line("serving");
});

test("what keeps it from starting is told on stderr, with exit code 1", async (context) => {
  const usage = new Program(context, []);
  assert.equal(await usage.exited, 1);
  assert.equal(usage.errors, "gateway: usage: gateway --config FILE\n");
  const { file } = scene(context, { interfaces: [] });
  const unusable = new Program(context, ["--config", file]);
  assert.equal(await unusable.exited, 1);
  assert.match(unusable.errors, /^gateway: .*gateway\.json: \/interfaces: /);
  const elsewhere = scene(context, {
    interfaces: [{ name: "customers", roles: ["public"], localAddress: "192.0.2.1", udpPort: 0 }],
  });
  const unbound = new Program(context, ["--config", elsewhere.file]);
  assert.equal(await unbound.exited, 1);
  assert.match(unbound.errors, /^gateway: .*192\.0\.2\.1/);
});
